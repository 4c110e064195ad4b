"""Names of ``<meta>`` properties that hold dates, in lower case."""

from transforms.published.tables import word_set

PUBLISHED = word_set(
    "article:published_time article:published article:post_time article:create "
    "article:created og:article:published_time og:published_time og:pubdate og:publish_date "
    "og:date published_time publish_time publish-time publishtime pubdate pub_date "
    "publish_date publish-date publishdate published-date published_date publisheddate "
    "publication_date publicationdate publication-date datepublished date_published "
    "date.published datepublication parsely-pub-date sailthru.date "
    "cxenseparse:recs:publishtime cxenseparse:publishtime dc.date.issued dcterms.issued "
    "dc.issued dc.date.published dcterms.created dc.created dc.date.created dcterms.date "
    "dc.date dcdate dc:date date article.published article.created articlepubdate "
    "article_date_original article_publication_date article_date originalpublicationdate "
    "original-publish-date release_date releasedate issue_date citation_publication_date "
    "citation_date citation_online_date displaydate displaytime "
    "rnews:datepublished ptime dateposted date_created created date-created creation_date "
    "datecreated time bt:pubdate shareaholic:article_published_time vr:published_time "
    "video:release_date timestamp publication firstpublished first_published "
    "iso-8601-publish-date article:datepublished og:release_date gentime "
    "rbpubdate pdate web_publication_date prism.publicationdate "
    "newsdate storydate"
)
MODIFIED = word_set(
    "article:modified_time article:modified article:updated_time og:updated_time "
    "og:modified_time og:article:modified_time og:article:updated_time datemodified "
    "date_modified date.modified dateupdate date_updated dateupdated modified modified_date "
    "modifieddate modificationdate lastmod lastmodified last-modified last_modified "
    "last_updated lastupdated updated updated_time updated_date revised dcterms.modified "
    "dc.modified dc.date.modified shareaholic:article_modified_time vr:updated_time "
    "bt:moddate utime mtime cxenseparse:recs:articlemodified iso-8601-modified-date "
    "article.updated"
)

GENERIC = word_set(
    "date dc.date dc:date dcterms.date dcdate time timestamp created article_date gentime "
    "dcterms.created dc.created dc.date.created date_created date-created datecreated "
    "dcterms.issued creation_date article.created article:created article:create release_date "
    "releasedate"
)
"""Names that sites use for the day of publication, of the last change and of anything else."""
