"""What each runner needs: an arguments file per runner."""
