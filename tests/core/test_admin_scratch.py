import pytest
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data


def test_edit_pages(library, client):
    client.force_login(library.administrator())
    page = library.event()
    uk = library.translate(page, "uk", title="Шаховий клуб")
    r = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk]))
    assert r.status_code == 200
    open("/tmp/admintests/source.html", "wb").write(r.content)
    r = client.get(reverse("wagtailadmin_pages:edit", args=[uk.pk]))
    open("/tmp/admintests/uk.html", "wb").write(r.content)
    form = r.context["form"]
    print(list(form.fields))
    b = library.branch()
    r = client.get(reverse("wagtailadmin_pages:edit", args=[b.pk]))
    open("/tmp/admintests/branch.html", "wb").write(r.content)
    r = client.post(reverse("wagtailadmin_pages:edit", args=[uk.pk]), {"title": "X", "slug": "chess-club", "lead": "l", "body-count": "0", "action-publish": "1", "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0})
    print(r.status_code, r.headers.get("Location"))
    if r.status_code == 200:
        print(r.context["form"].errors)
    assert 0
