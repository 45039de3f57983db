import core.fields
import core.labels
import core.models.network
import django.db.models.deletion
import modelsearch.index
import taggit.managers
import wagtail.images.models
import wagtail.models.media
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0001_user'),
        ('taggit', '0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx'),
        ('wagtailcore', '0097_baselogentry_uuid_action_timestamp_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
                ('next_run_at', models.DateTimeField(verbose_name='next run at')),
                ('lease_owner', models.CharField(blank=True, max_length=200, verbose_name='held by')),
                ('lease_until', models.DateTimeField(blank=True, null=True, verbose_name='held until')),
                ('last_started', models.DateTimeField(blank=True, null=True, verbose_name='last started at')),
                ('last_finished', models.DateTimeField(blank=True, null=True, verbose_name='last finished at')),
                ('last_report', models.TextField(blank=True, verbose_name='last report')),
                ('last_error', models.TextField(blank=True, verbose_name='last error')),
                ('runs', models.PositiveBigIntegerField(default=0, verbose_name='runs')),
                ('failures', models.PositiveIntegerField(default=0, verbose_name='failures in a row')),
            ],
            options={
                'verbose_name': 'job',
                'verbose_name_plural': 'jobs',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Audience',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(help_text="Stands in addresses and feeds; it can't be changed later.", max_length=60, unique=True, verbose_name='key')),
                ('label', core.labels.LabelField(default=dict, max_length=80, verbose_name='label')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('retired', models.BooleanField(default=False, help_text='Still answers in old links; no longer offered.', verbose_name='retired')),
                ('site', models.ForeignKey(blank=True, help_text='Empty: for every site of this installation.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.site', verbose_name='site')),
            ],
            options={
                'verbose_name': 'audience',
                'verbose_name_plural': 'audiences',
                'ordering': ('order', 'key'),
                'abstract': False,
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='LibraryDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('file', models.FileField(upload_to='documents', verbose_name='file')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='created at')),
                ('file_size', models.PositiveBigIntegerField(editable=False, null=True)),
                ('file_hash', models.CharField(blank=True, editable=False, max_length=40)),
                ('collection', models.ForeignKey(default=wagtail.models.media.get_root_collection_id, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.collection', verbose_name='collection')),
                ('tags', taggit.managers.TaggableManager(blank=True, help_text=None, through='taggit.TaggedItem', to='taggit.Tag', verbose_name='tags')),
                ('uploaded_by_user', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL, verbose_name='uploaded by user')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
                'abstract': False,
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='LibraryImage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=255, verbose_name='title')),
                ('file', wagtail.images.models.WagtailImageField(height_field='height', upload_to=wagtail.images.models.get_upload_to, verbose_name='file', width_field='width')),
                ('description', models.CharField(blank=True, default='', max_length=255, verbose_name='description')),
                ('width', models.IntegerField(editable=False, verbose_name='width')),
                ('height', models.IntegerField(editable=False, verbose_name='height')),
                ('created_at', models.DateTimeField(auto_now_add=True, db_index=True, verbose_name='created at')),
                ('focal_point_x', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_y', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_width', models.PositiveIntegerField(blank=True, null=True)),
                ('focal_point_height', models.PositiveIntegerField(blank=True, null=True)),
                ('file_size', models.PositiveIntegerField(editable=False, null=True)),
                ('file_hash', models.CharField(blank=True, db_index=True, editable=False, max_length=40)),
                ('author', models.CharField(blank=True, max_length=120, verbose_name='author')),
                ('licence', models.CharField(blank=True, max_length=120, verbose_name='licence')),
                ('collection', models.ForeignKey(default=wagtail.models.media.get_root_collection_id, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.collection', verbose_name='collection')),
                ('tags', taggit.managers.TaggableManager(blank=True, help_text=None, through='taggit.TaggedItem', to='taggit.Tag', verbose_name='tags')),
                ('uploaded_by_user', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, to=settings.AUTH_USER_MODEL, verbose_name='uploaded by user')),
            ],
            options={
                'verbose_name': 'image',
                'verbose_name_plural': 'images',
                'abstract': False,
            },
            bases=(wagtail.images.models.ImageFileMixin, modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='Network',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', core.labels.LabelField(blank=True, default=dict, max_length=120, verbose_name='name of the network')),
                ('tagline', core.labels.LabelField(blank=True, default=dict, max_length=200, verbose_name='one sentence about it')),
                ('languages', core.fields.ChoiceListField(blank=True, choices=[('en', 'English'), ('uk', 'Ukrainian'), ('ru', 'Russian'), ('mk', 'Macedonian')], default=core.models.network.site_languages_default, help_text='Readers can choose between these.', max_length=120, verbose_name='languages')),
                ('default_language', models.CharField(choices=[('en', 'English'), ('uk', 'Ukrainian'), ('ru', 'Russian'), ('mk', 'Macedonian')], default='en', max_length=8, verbose_name='first language')),
                ('negotiates_language', models.BooleanField(default=False, help_text='Otherwise it leads to the first language.', verbose_name="the address without a language follows the browser's language")),
                ('zone', models.CharField(choices=core.models.network.zone_choices, default=core.models.network.zone_default, max_length=64, verbose_name='time zone')),
                ('country', models.CharField(blank=True, help_text='Two letters, such as UA.', max_length=2, verbose_name='country code')),
                ('members', models.ManyToManyField(blank=True, help_text='Their events and news appear here too.', related_name='+', to='wagtailcore.site', verbose_name='member networks')),
                ('site', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, to='wagtailcore.site')),
            ],
            options={
                'verbose_name': 'network',
            },
        ),
        migrations.CreateModel(
            name='OutboxMessage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='A second mail with the same key is never written.', max_length=200, unique=True, verbose_name='idempotency key')),
                ('purpose', models.CharField(blank=True, max_length=50, verbose_name='purpose')),
                ('language', models.CharField(blank=True, max_length=20, verbose_name='language')),
                ('sender', models.CharField(max_length=320, verbose_name='sender')),
                ('recipient', models.CharField(db_index=True, max_length=320, verbose_name='recipient')),
                ('subject', models.TextField(blank=True, verbose_name='subject')),
                ('message_id', models.CharField(blank=True, max_length=320, verbose_name='message ID')),
                ('content', models.BinaryField(help_text='The whole MIME message, as it is sent.', verbose_name='message')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('failed', 'Failed')], default='waiting', max_length=10, verbose_name='state')),
                ('attempts', models.PositiveIntegerField(default=0, verbose_name='attempts')),
                ('last_error', models.TextField(blank=True, verbose_name='last error')),
                ('created_at', models.DateTimeField(verbose_name='written at')),
                ('next_attempt_at', models.DateTimeField(verbose_name='next attempt at')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='sent or given up at')),
                ('erased_at', models.DateTimeField(blank=True, null=True, verbose_name='erased at')),
                ('site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.site', verbose_name='site')),
            ],
            options={
                'verbose_name': 'mail',
                'verbose_name_plural': 'outbox',
            },
        ),
        migrations.CreateModel(
            name='Rendition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('filter_spec', models.CharField(db_index=True, max_length=255)),
                ('file', wagtail.images.models.WagtailImageField(height_field='height', storage=wagtail.images.models.get_rendition_storage, upload_to=wagtail.images.models.get_rendition_upload_to, width_field='width')),
                ('width', models.IntegerField(editable=False)),
                ('height', models.IntegerField(editable=False)),
                ('focal_point_key', models.CharField(blank=True, default='', editable=False, max_length=16)),
                ('image', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='renditions', to='core.libraryimage')),
            ],
            bases=(wagtail.images.models.ImageFileMixin, models.Model),
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(help_text="Stands in addresses and feeds; it can't be changed later.", max_length=60, unique=True, verbose_name='key')),
                ('label', core.labels.LabelField(default=dict, max_length=80, verbose_name='label')),
                ('order', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('retired', models.BooleanField(default=False, help_text='Still answers in old links; no longer offered.', verbose_name='retired')),
                ('site', models.ForeignKey(blank=True, help_text='Empty: for every site of this installation.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtailcore.site', verbose_name='site')),
            ],
            options={
                'verbose_name': 'topic',
                'verbose_name_plural': 'topics',
                'ordering': ('order', 'key'),
                'abstract': False,
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['next_attempt_at', 'id'], name='outbox_due'),
        ),
        migrations.AddIndex(
            model_name='outboxmessage',
            index=models.Index(condition=models.Q(('erased_at', None)), fields=['settled_at'], name='outbox_forgettable'),
        ),
        migrations.AddConstraint(
            model_name='outboxmessage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='outbox_settled_unless_waiting'),
        ),
        migrations.AlterUniqueTogether(
            name='rendition',
            unique_together={('image', 'filter_spec', 'focal_point_key')},
        ),
    ]
