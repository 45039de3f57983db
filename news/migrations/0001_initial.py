import django.db.models.deletion
import modelcluster.fields
import wagtail.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('branches', '0001_initial'),
        ('core', '0002_initial'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='NewsIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('intro', models.TextField(blank=True, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'news',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='Article',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(editable=False, max_length=80, unique=True, verbose_name='public key')),
                ('translation_key', models.UUIDField(editable=False, null=True, unique=True)),
                ('is_public', models.BooleanField(default=False, editable=False)),
                ('hidden_with_source', models.JSONField(default=dict, editable=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('date', models.DateTimeField(blank=True, help_text='Empty: when it is first published.', null=True, verbose_name='date')),
                ('pinned', models.BooleanField(default=False, verbose_name='keep on top')),
                ('published_at', models.DateTimeField(db_index=True, editable=False, null=True)),
                ('branches', models.ManyToManyField(editable=False, related_name='articles', to='branches.branch')),
                ('image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.libraryimage', verbose_name='picture')),
                ('related', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.page', verbose_name='related page')),
                ('site', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailcore.site')),
                ('source_page', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.page')),
                ('topics', models.ManyToManyField(editable=False, related_name='articles', to='core.topic')),
            ],
            options={
                'verbose_name': 'article',
                'verbose_name_plural': 'articles',
            },
        ),
        migrations.CreateModel(
            name='ArticlePage',
            fields=[
                ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to='wagtailcore.page')),
                ('date', models.DateTimeField(blank=True, help_text='Empty: when it is first published.', null=True, verbose_name='date')),
                ('pinned', models.BooleanField(default=False, verbose_name='keep on top')),
                ('lead', models.TextField(max_length=400, verbose_name='lead')),
                ('image_alt', models.CharField(blank=True, max_length=300, verbose_name='what the picture shows')),
                ('body', wagtail.fields.StreamField([('text', 0), ('image', 4), ('gallery', 7), ('documents', 10), ('table', 11), ('faq', 16), ('quote', 19), ('call_to_action', 24), ('video', 28)], blank=True, block_lookup={0: ('wagtail.blocks.RichTextBlock', (), {'features': ['h2', 'h3', 'bold', 'italic', 'ol', 'ul', 'link', 'document-link', 'hr', 'blockquote'], 'label': 'Text'}), 1: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Picture'}), 2: ('wagtail.blocks.CharBlock', (), {'help_text': "For those who can't see it. Empty for pure ornament.", 'label': 'What it shows', 'max_length': 300, 'required': False}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 300, 'required': False}), 4: ('wagtail.blocks.StructBlock', [[('image', 1), ('alt', 2), ('caption', 3)]], {}), 5: ('wagtail.blocks.CharBlock', (), {'label': 'Heading', 'max_length': 120, 'required': False}), 6: ('wagtail.blocks.ListBlock', (4,), {'label': 'Pictures', 'min_num': 1}), 7: ('wagtail.blocks.StructBlock', [[('heading', 5), ('pictures', 6)]], {}), 8: ('wagtail.documents.blocks.DocumentChooserBlock', (), {}), 9: ('wagtail.blocks.ListBlock', (8,), {'label': 'Documents', 'min_num': 1}), 10: ('wagtail.blocks.StructBlock', [[('heading', 5), ('documents', 9)]], {}), 11: ('core.blocks.TableSectionBlock', (), {'table_options': {'contextMenu': ['row_above', 'row_below', '---------', 'col_left', 'col_right', '---------', 'remove_row', 'remove_col']}}), 12: ('wagtail.blocks.CharBlock', (), {'label': 'Question', 'max_length': 200}), 13: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link'], 'label': 'Answer'}), 14: ('wagtail.blocks.StructBlock', [[('question', 12), ('answer', 13)]], {}), 15: ('wagtail.blocks.ListBlock', (14,), {'label': 'Questions', 'min_num': 1}), 16: ('wagtail.blocks.StructBlock', [[('heading', 5), ('questions', 15)]], {}), 17: ('wagtail.blocks.TextBlock', (), {'label': 'Words'}), 18: ('wagtail.blocks.CharBlock', (), {'label': 'Whose', 'max_length': 160, 'required': False}), 19: ('wagtail.blocks.StructBlock', [[('text', 17), ('source', 18)]], {}), 20: ('wagtail.blocks.CharBlock', (), {'label': 'What to do', 'max_length': 80}), 21: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Page', 'required': False}), 22: ('wagtail.blocks.URLBlock', (), {'label': 'or address', 'required': False}), 23: ('wagtail.blocks.CharBlock', (), {'label': 'Note', 'max_length': 160, 'required': False}), 24: ('wagtail.blocks.StructBlock', [[('text', 20), ('page', 21), ('url', 22), ('note', 23)]], {}), 25: ('wagtail.blocks.URLBlock', (), {'label': 'Address of the video'}), 26: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 160}), 27: ('wagtail.images.blocks.ImageChooserBlock', (), {'label': 'Still picture', 'required': False}), 28: ('wagtail.blocks.StructBlock', [[('url', 25), ('title', 26), ('still', 27)]], {})}, verbose_name='text')),
                ('branches', modelcluster.fields.ParentalManyToManyField(blank=True, to='branches.branch', verbose_name='branches')),
                ('image', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.libraryimage', verbose_name='picture')),
                ('related', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.page', verbose_name='related page')),
                ('topics', modelcluster.fields.ParentalManyToManyField(blank=True, to='core.topic', verbose_name='topics')),
            ],
            options={
                'verbose_name': 'article',
            },
            bases=('wagtailcore.page', models.Model),
        ),
    ]
