"""The models of the news room."""

from news.models.articles import Article, ArticleFacts, ArticlePage, NewsIndexPage

__all__ = ["Article", "ArticleFacts", "ArticlePage", "NewsIndexPage"]
