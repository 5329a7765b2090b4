import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('exchange', '0004_files'),
    ]

    operations = [
        migrations.CreateModel(
            name='Canary',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('n', models.PositiveSmallIntegerField()),
                ('sealed', models.BinaryField()),
                ('at', models.DateTimeField()),
                ('node', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='canaries', to='exchange.partnernode')),
            ],
        ),
        migrations.AddConstraint(
            model_name='canary',
            constraint=models.UniqueConstraint(fields=('node', 'n'), name='canary_once_each'),
        ),
    ]
