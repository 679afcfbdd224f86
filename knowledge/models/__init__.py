"""Pages of the centre's staff."""

from knowledge.models.article import ArticleKind, ArticlePage, KnowledgeIndexPage, RelatedProject
from knowledge.models.barrier import BarrierReport
from knowledge.models.home import FeaturedArticle, FeaturedProject, HomePage
from knowledge.models.standard import StandardPage

__all__ = [
    "ArticleKind",
    "ArticlePage",
    "BarrierReport",
    "FeaturedArticle",
    "FeaturedProject",
    "HomePage",
    "KnowledgeIndexPage",
    "RelatedProject",
    "StandardPage",
]
