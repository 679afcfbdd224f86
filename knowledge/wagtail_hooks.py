"""What articles add to the pages of other apps."""

from pages.slots import fill

fill("project_more", "knowledge/project_articles.html")
