-- 规则 5：后台任务没有丢：没有失败的，没有工作进程已死的，没有到期 15 分钟还没做的
SELECT
    job.task_name || ' ' || job.id AS id,
    status = 'failed'
        OR (
            status = 'doing' AND latest.at < now() - interval '2 minutes' AND NOT EXISTS (
                SELECT FROM jobs.procrastinate_workers AS worker
                WHERE worker.id = job.worker_id AND worker.last_heartbeat >= now() - interval '2 minutes'
            )
        )
        OR (
            status = 'todo' AND coalesce(job.scheduled_at, latest.at) < now() - interval '15 minutes'
        ) AS broken
FROM jobs.procrastinate_jobs AS job
LEFT JOIN LATERAL (
    SELECT max(event.at) AS at FROM jobs.procrastinate_events AS event WHERE event.job_id = job.id
) AS latest ON true
