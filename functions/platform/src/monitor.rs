//! Looks after workers and schedules: asks each worker for a sign of life through its own queue, sees what
//! waits and what was given up, keeps the log of downtimes, and has what ends come to its end.

use futures::future::try_join_all;
use jiff::{SignedDuration, Timestamp};
use outlay_runtime::{App, MessageError, Outcome, Variable};
use outlay_store::{Canary, Condition, Heartbeat, PlatformTable, QueueDepth, ServiceState};
use serde_json::{Value, json};

use crate::{
    endings,
    watch::{self, Look, Patience, Verdict},
};

/// A worker, the queue it works off, and the one of what it gave up.
#[derive(Debug, PartialEq, Eq)]
struct Worker<'a> {
    name: &'a str,
    queue: &'a str,
    dead_letters: &'a str,
}

/// Runs every few minutes, and whenever a global owner starts it.
pub fn handler(app: &'static App, _: Value) -> Outcome {
    Box::pin(async move { monitor(app).await })
}

async fn monitor(app: &'static App) -> Result<Value, MessageError> {
    let (table, now, patience) = (app.platform().await?, (app.clock)(), patience(app)?);
    let workers = workers(app.config.get(Variable::Workers)?)?;
    let before: Vec<ServiceState> = table.list_all(&String::new()).await?;
    let signs: Vec<Heartbeat> = table.list_all(&String::new()).await?;
    let depths = try_join_all(workers.iter().map(|worker| depth(app, worker))).await?;
    let known = |service: &str| before.iter().find(|s| s.service == service).cloned();
    let mut verdicts = vec![watch::schedules(
        ServiceState::SCHEDULES,
        known(ServiceState::SCHEDULES),
        &look(now),
        patience,
    )];
    let queued = workers.iter().zip(depths);
    let queued = queued.map(|(worker, depth)| (worker.name, Some(depth)));
    let followers = app.config.get(Variable::Followers)?.split(',');
    for (name, queue) in queued.chain(followers.map(|name| (name, None))) {
        let sign = signs.iter().find(|beat| beat.worker == name);
        let look = Look {
            sign: sign.map(|beat| beat.at),
            queue,
            ..look(now)
        };
        verdicts.push(watch::worker(name, known(name), &look, patience));
    }
    let down = tell(&table, &verdicts).await?;
    // Workers are asked in their queues, and those who follow the table by a change of it.
    let canary = table.writes().put(&Canary { at: now }, Condition::Any)?;
    canary.commit().await?;
    for worker in &workers {
        app.queues().send_probe(worker.queue).await?;
    }
    let offboarding = workers.iter().find(|w| w.name == endings::WORKER);
    let queue = offboarding.ok_or("WORKERS names nobody who removes what ends")?;
    let asked = endings::ask_again(app, &table, queue.queue, now).await?;
    Ok(json!({ "services": verdicts.len(), "down": down, "askedAgain": asked }))
}

fn look(at: Timestamp) -> Look {
    Look {
        at,
        sign: None,
        queue: None,
    }
}

async fn depth(app: &App, worker: &Worker<'_>) -> Result<QueueDepth, MessageError> {
    let queue = app.queues().depth(worker.queue).await?;
    let dead = app.queues().depth(worker.dead_letters).await?;
    Ok(QueueDepth {
        waiting: queue.waiting,
        in_flight: queue.in_flight,
        dead: dead.waiting,
    })
}

/// Writes what was found; says which services are down.
async fn tell(table: &PlatformTable, verdicts: &[Verdict]) -> Result<Vec<String>, MessageError> {
    let mut writes = table.writes();
    for verdict in verdicts {
        writes = writes.put(&verdict.state, Condition::Any)?;
        for downtime in &verdict.downtimes {
            tracing::warn!(
                service.name = downtime.service,
                downtime.began = %downtime.began_at,
                downtime.lasts = downtime.ended_at.is_none(),
                "a service was down"
            );
            writes = writes.put(downtime, Condition::Any)?;
        }
    }
    writes.commit().await?;
    let down = verdicts.iter().filter(|v| v.state.down_since.is_some());
    Ok(down.map(|v| v.state.service.clone()).collect())
}

fn patience(app: &App) -> Result<Patience, MessageError> {
    let minutes: i64 = app.config.get(Variable::MonitorMinutes)?.parse()?;
    let every = SignedDuration::from_mins(minutes);
    Ok(Patience {
        worker: app
            .config
            .seconds(Variable::WorkerPatienceSeconds)?
            .try_into()?,
        // One run may be lost; a second one is a downtime.
        monitor: every * 2 + SignedDuration::from_mins(1),
    })
}

/// `name=queue=dead letters`, separated by commas, as template.yaml writes it.
fn workers(text: &str) -> Result<Vec<Worker<'_>>, MessageError> {
    text.split(',')
        .map(|entry| parse(entry).ok_or_else(|| "WORKERS is not as it should be".into()))
        .collect()
}

fn parse(entry: &str) -> Option<Worker<'_>> {
    let mut parts = entry.split('=');
    let worker = Worker {
        name: parts.next()?,
        queue: parts.next()?,
        dead_letters: parts.next()?,
    };
    parts.next().is_none().then_some(worker)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_as_the_template_names_them() {
        let found = workers("a=http://q/1=http://q/2,b=x=y").unwrap();
        assert_eq!(found.len(), 2);
        assert_eq!(
            found[0],
            Worker {
                name: "a",
                queue: "http://q/1",
                dead_letters: "http://q/2"
            }
        );
        for bad in ["", "a", "a=b", "a=b=c=d", "a=b=c,"] {
            assert!(workers(bad).is_err(), "{bad}");
        }
    }
}
