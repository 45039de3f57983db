import core.labels
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0006_picture_rights'),
    ]

    operations = [
        migrations.AddField(
            model_name='network',
            name='address',
            field=core.labels.LabelField(blank=True, default=dict, max_length=200, verbose_name='postal address'),
        ),
        migrations.AddField(
            model_name='network',
            name='checklist_shown',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='network',
            name='email',
            field=models.EmailField(blank=True, max_length=254, verbose_name='email address'),
        ),
        migrations.AddField(
            model_name='network',
            name='logo',
            field=models.ForeignKey(blank=True, help_text='Stands before the name at the top of each page.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.libraryimage', verbose_name='logo'),
        ),
        migrations.AddField(
            model_name='network',
            name='phone',
            field=models.CharField(blank=True, max_length=40, verbose_name='phone'),
        ),
    ]
