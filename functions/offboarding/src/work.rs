use jiff::Timestamp;
use outlay_messages::{EndingMessage, OffboardingMessage};
use outlay_runtime::{App, Message, MessageError, Variable, Work};
use outlay_store::{ErasingTable, Offboarding, OffboardingStage as Stage, StoreError};

use crate::{erase, left, people};

/// Works off the queue `offboarding`.
pub fn handler(app: &'static App, message: Message) -> Work {
    Box::pin(async move {
        match serde_json::from_str::<EndingMessage>(&message.body)? {
            EndingMessage::Company(about) => work(app, &about, message.received).await,
            EndingMessage::Person(about) => left::remove(app, &about).await,
        }
    })
}

/// One step a message, so that each has all the time of an invocation. Where it stands is written down
/// afterwards. A worker that dies is followed by another that begins the same step again: each removes
/// what it finds, so doing it twice does no harm.
async fn work(app: &App, about: &OffboardingMessage, received: u32) -> Result<(), MessageError> {
    let (table, _) = app.erasing(&about.tenant_id, None).await?;
    let found = table.get::<Offboarding>(&about.offboarding_id).await?;
    let Some(mut offboarding) = found.filter(|o| o.tenant_id == about.tenant_id) else {
        return not_begun(received);
    };
    if offboarding.stage == Stage::Finished {
        return Ok(());
    }
    let next = step(app, &mut offboarding).await?;
    match advance(&table, &mut offboarding, next, (app.clock)()).await {
        // Another worker has done this step meanwhile, and goes on with the next.
        Err(StoreError::Conflict) => return Ok(()),
        outcome => outcome?,
    }
    if next == Stage::Finished {
        tracing::info!(tenant.id = %about.tenant_id, "nothing of the company is left");
        return Ok(());
    }
    send(app, &offboarding, about).await
}

/// The message is sent before the order is stored: it may come a moment early. An order that is still missing after
/// two tries was never stored.
fn not_begun(received: u32) -> Result<(), MessageError> {
    if received < 3 {
        return Err("the order to end the company is not stored yet".into());
    }
    tracing::warn!("a message without an order to end a company");
    Ok(())
}

/// Does what its stage asks for; says what comes next.
async fn step(app: &App, offboarding: &mut Offboarding) -> Result<Stage, MessageError> {
    match offboarding.stage {
        Stage::Requested => Ok(Stage::People),
        Stage::People => {
            people::remove(app, offboarding).await?;
            Ok(Stage::Objects)
        }
        Stage::Objects => {
            erase::objects(app, offboarding).await?;
            Ok(Stage::Items)
        }
        Stage::Items => {
            erase::items(app, offboarding).await?;
            settle_later(app, offboarding)
        }
        Stage::Settling if is_settled(app, offboarding) => look_again(app, offboarding).await,
        Stage::Settling => Ok(Stage::Settling),
        Stage::Finished => Ok(Stage::Finished),
    }
}

/// What was under way has ended. Where something came meanwhile, it is looked through anew.
async fn look_again(app: &App, offboarding: &mut Offboarding) -> Result<Stage, MessageError> {
    people::remove(app, offboarding).await?;
    let late = erase::objects(app, offboarding).await? + erase::items(app, offboarding).await?;
    if late > 0 {
        return settle_later(app, offboarding);
    }
    offboarding.finished_at = Some((app.clock)());
    Ok(Stage::Finished)
}

/// Access tokens, permissions to put a file and stages of the pipeline live for a quarter of an hour:
/// only after that nothing more can come.
fn settle_later(app: &App, offboarding: &mut Offboarding) -> Result<Stage, MessageError> {
    let grace = app.config.seconds(Variable::OffboardingGraceSeconds)?;
    offboarding.settled_at = Some((app.clock)().checked_add(grace)?);
    Ok(Stage::Settling)
}

fn is_settled(app: &App, offboarding: &Offboarding) -> bool {
    offboarding.settled_at.is_none_or(|at| at <= (app.clock)())
}

/// Writes down how far it has come.
async fn advance(
    table: &ErasingTable,
    offboarding: &mut Offboarding,
    next: Stage,
    now: Timestamp,
) -> Result<(), StoreError> {
    let unchanged = offboarding.revise(next, now);
    let writes = table.writes().put(offboarding, unchanged)?;
    writes.commit().await
}

/// Has the next message come: now, or when things have settled.
async fn send(
    app: &App,
    offboarding: &Offboarding,
    about: &OffboardingMessage,
) -> Result<(), MessageError> {
    let now = (app.clock)();
    let wait = offboarding
        .settled_at
        .map_or(0, |at| at.duration_since(now).as_secs() + 1)
        .clamp(0, 900);
    let url = app.config.get(Variable::OffboardingQueueUrl)?;
    let queues = app.queues();
    let wait = i32::try_from(wait)?;
    let message = EndingMessage::Company(about.clone());
    Ok(queues.send_offboarding(url, &message, wait).await?)
}
