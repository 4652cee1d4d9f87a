//! Promise 22 in every order of events: the owner of a refresh token and a thief who copied it, each asking, being
//! overtaken between look and write, losing answers, while time goes on.

use jiff::Timestamp;
use outlay_core::{FamilyId, TenantId, UserId};
use outlay_store::Session;
use outlay_testkit::proof::measured;
use stateright::{Checker, Model, Property};

use crate::rotation::{Decision, decide, rotated};

/// So far every order is looked at.
const GENERATIONS: u64 = 4;
const TICKS: u8 = 5;
/// Two are within the grace of ten seconds, three are not.
const TICK_SECONDS: i64 = 5;

const WHO: [usize; 2] = [0, 1];

/// What is stored of the family, as far as decisions look at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Family {
    generation: u64,
    rotated_at: u8,
    alive: bool,
}

/// What somebody holds, and how far a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Client {
    holds: u64,
    asked: Asked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Asked {
    Nothing,
    Sent,
    Looked(Family),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct State {
    family: Family,
    clients: [Client; 2],
    now: u8,
    /// A token was answered that none may get.
    wrong: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Action {
    Ask(usize),
    Look(usize),
    /// Decides, writes over what was seen, and answers, unless the answer is lost.
    Answer {
        who: usize,
        lost: bool,
    },
    Tick,
}

struct Rotation;

impl Model for Rotation {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let client = Client {
            holds: 1,
            asked: Asked::Nothing,
        };
        vec![State {
            family: Family {
                generation: 1,
                rotated_at: 0,
                alive: true,
            },
            clients: [client; 2],
            now: 0,
            wrong: false,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for who in WHO {
            match state.clients[who].asked {
                Asked::Nothing => actions.push(Action::Ask(who)),
                Asked::Sent => actions.push(Action::Look(who)),
                Asked::Looked(_) => {
                    actions.extend([true, false].map(|lost| Action::Answer { who, lost }));
                }
            }
        }
        if state.now < TICKS {
            actions.push(Action::Tick);
        }
    }

    fn next_state(&self, state: &State, action: Action) -> Option<State> {
        let mut next = state.clone();
        match action {
            Action::Ask(who) => next.clients[who].asked = Asked::Sent,
            Action::Look(who) => next.clients[who].asked = Asked::Looked(state.family),
            Action::Answer { who, lost } => answer(&mut next, who, lost),
            Action::Tick => next.now += 1,
        }
        (next.family.generation <= GENERATIONS).then_some(next)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("a successor goes to whom it is due", |_, s: &State| {
                !s.wrong
            }),
            Property::always(
                "nobody holds more than the current token",
                |_, s: &State| s.clients.iter().all(|c| c.holds <= s.family.generation),
            ),
            Property::sometimes("a lost answer is given again", |_, s: &State| {
                s.family.alive && s.clients.iter().all(|c| c.holds == 3)
            }),
            Property::sometimes("a copied token ends the family", |_, s: &State| {
                !s.family.alive
            }),
        ]
    }
}

/// As the route does: it writes only over what it looked at, and looks again where that has changed.
fn answer(state: &mut State, who: usize, lost: bool) {
    let Asked::Looked(seen) = state.clients[who].asked else {
        return;
    };
    let (presented, now) = (state.clients[who].holds, at(state.now));
    state.clients[who].asked = Asked::Nothing;
    if !seen.alive {
        return;
    }
    let given = match decide(&session(seen), presented, now) {
        Decision::Rotate if state.family != seen => {
            state.clients[who].asked = Asked::Sent;
            return;
        }
        Decision::Rotate => {
            let after = rotated(&session(seen), now);
            state.family.generation = after.generation;
            state.family.rotated_at = state.now;
            after.generation
        }
        Decision::Again => {
            let waited = i64::from(state.now - seen.rotated_at) * TICK_SECONDS;
            state.wrong |= waited > 10 || seen.generation != presented + 1;
            seen.generation
        }
        Decision::Replayed => {
            state.family.alive = false;
            return;
        }
        Decision::Ended => return,
    };
    if !lost {
        state.clients[who].holds = given;
    }
}

fn session(family: Family) -> Session {
    Session {
        user_id: UserId::derive(&["u"]),
        family_id: FamilyId::derive(&["f"]),
        tenant_id: Some(TenantId::derive(&["t"])),
        generation: family.generation,
        rotated_at: at(family.rotated_at),
        created_at: at(0),
        expires_at: at(u8::MAX),
        device: None,
        address: None,
    }
}

fn at(tick: u8) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + i64::from(tick) * TICK_SECONDS).unwrap()
}

#[test]
fn no_order_of_events_gives_a_token_to_whom_it_is_not_due() {
    let checked = Rotation.checker().spawn_bfs().join();
    checked.assert_properties();
    assert!(checked.unique_state_count() > 1_000, "the model is empty");
    measured(
        "22a",
        "a stolen refresh token ends with its family, in every order of events",
        "0 violations",
        format!("{} states, 0 violations", checked.unique_state_count()),
    );
}
