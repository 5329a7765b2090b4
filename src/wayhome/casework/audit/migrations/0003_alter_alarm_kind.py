from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_alter_alarm_kind'),
    ]

    operations = [
        migrations.AlterField(
            model_name='alarm',
            name='kind',
            field=models.CharField(choices=[('refused', 'Refused'), ('excluded_custodian', 'Excluded Custodian'), ('observation_overdue', 'Observation Overdue'), ('not_seen', 'Not Seen'), ('head_count_due', 'Head Count Due'), ('missing', 'Missing'), ('kin_of_excluded', 'Kin Of Excluded'), ('break_glass', 'Break Glass'), ('placement_due', 'Placement Due'), ('placement_refused', 'Placement Refused'), ('siblings_apart', 'Siblings Apart'), ('no_place', 'No Place'), ('placement_barred', 'Placement Barred'), ('answer_overdue', 'Answer Overdue'), ('capacity_stale', 'Capacity Stale'), ('plan_failed', 'Plan Failed')], max_length=30),
        ),
    ]
