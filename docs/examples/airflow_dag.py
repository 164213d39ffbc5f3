"""Storepulse's warehouse by Airflow: every morning what has changed, then stream against warehouse.

Copy it into Airflow's folder of DAGs. STOREPULSE is the checkout; the settings (MONGODB_URI, LAKE_LOCATION, WAREHOUSE_FILE,
EXPORTER_URL) come from the worker's environment. A range is made anew by hand:
npm run warehouse -- backfill --from 2026-01-01 --to 2026-01-31
"""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator

STOREPULSE = "/opt/storepulse"

with DAG(
    dag_id="storepulse_warehouse",
    schedule="30 3 * * *",
    start_date=datetime(2026, 1, 1),
    # A run makes anew all that has changed, whenever that was: days that were missed need no run of their own.
    catchup=False,
    # One process has the warehouse at a time.
    max_active_runs=1,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=10)},
) as dag:
    run = BashOperator(task_id="run", bash_command=f"cd {STOREPULSE} && npm run warehouse -- run")
    reconcile = BashOperator(
        task_id="reconcile",
        bash_command=f"cd {STOREPULSE} && npm run reconcile",
        # What differs stays so: it is looked at, not tried again.
        retries=0,
    )
    run >> reconcile
