"""Where documents lie: outside of what `/media/` serves, so that no address leads to them but Wagtail's, which asks."""

from django.core.files.storage import FileSystemStorage, Storage, storages


class DocumentStorage(FileSystemStorage):
    """A folder of files that have no addresses of their own."""

    def url(self, name: str | None) -> str:
        """Raise NotImplementedError, which tells Wagtail to send the file by itself."""
        raise NotImplementedError("Documents have no address of their own.")


def document_storage() -> Storage:
    """Return the storage that the settings name for documents."""
    return storages["documents"]
