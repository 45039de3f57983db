import core.catalogue
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0007_contacts_and_checklist'),
    ]

    operations = [
        migrations.AddField(
            model_name='network',
            name='catalogue_address',
            field=models.CharField(blank=True, help_text='Search for anything in your catalogue, copy the address of the results, and write {query} in place of what you searched for, as in https://opac.example/search?q={query}. Then each page has a search box for the catalogue, too.', max_length=500, validators=[core.catalogue.validate_template], verbose_name='address of a search in the catalogue'),
        ),
        migrations.AddField(
            model_name='network',
            name='catalogue_start',
            field=models.CharField(blank=True, help_text='Where those arrive who search for nothing. If empty: the address above, up to the search.', max_length=500, validators=[core.catalogue.validate_start], verbose_name='first page of the catalogue'),
        ),
    ]
