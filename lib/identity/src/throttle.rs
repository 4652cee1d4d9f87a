//! How often something may be tried: counted on the account or address, before the work is done, so
//! that tries made at the same moment are counted each. Each kind of try has a count of its own: who
//! guesses passwords at the door bars neither the owner's sessions nor the way to a new password.

use jiff::{SignedDuration, Timestamp};
use outlay_core::UserId;
use outlay_store::{Condition, Counted, RegistryTable, StoreError, Throttle};

/// How much of something fits into a window.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// Of what.
    pub counted: Counted,
    /// So many.
    pub most: u64,
    /// In so long.
    pub window: SignedDuration,
}

/// Passwords at the door (promise 19: at most 20 checked per 15 minutes).
pub const SIGN_IN: Limit = Limit::per_quarter(Counted::SignIn);
/// Current passwords of somebody signed in.
pub const PASSWORD_CHANGE: Limit = Limit::per_quarter(Counted::PasswordChange);

impl Limit {
    const fn per_quarter(counted: Counted) -> Self {
        Self {
            counted,
            most: 20,
            window: SignedDuration::from_mins(15),
        }
    }

    /// Mails with a way to a new password that lives so long.
    pub const fn reset_mail(lifetime: SignedDuration) -> Self {
        Self::mails(Counted::ResetMail, lifetime)
    }

    /// Mails with a code that proves an address and lives so long.
    pub const fn registration_mail(lifetime: SignedDuration) -> Self {
        Self::mails(Counted::RegistrationMail, lifetime)
    }

    /// Mails with something that opens a door. The window is no longer than that lives: whoever uses the count up for
    /// somebody else has filled that mailbox with what is still good.
    const fn mails(counted: Counted, lifetime: SignedDuration) -> Self {
        Self {
            counted,
            most: 5,
            window: lifetime,
        }
    }
}

/// More rounds than there are tries to lose to others.
const ROUNDS: usize = 50;

/// Takes one try, or says how many seconds there are to wait for one.
pub async fn take_try(
    registry: &RegistryTable,
    user: &UserId,
    limit: Limit,
    now: Timestamp,
) -> Result<Option<u32>, StoreError> {
    let id = (user.clone(), limit.counted);
    for _ in 0..ROUNDS {
        let stored = registry.get::<Throttle>(&id).await?;
        let unchanged = stored
            .as_ref()
            .map_or(Condition::Absent, |s| Condition::number("tries", s.tries));
        let next = match next_try(user, limit, stored, now) {
            Ok(next) => next,
            Err(seconds) => return Ok(Some(seconds)),
        };
        match registry.writes().put(&next, unchanged)?.commit().await {
            Err(StoreError::Conflict) => {}
            outcome => return outcome.map(|()| None),
        }
    }
    Ok(Some(1))
}

/// Ends a count. A try of the same moment may keep it alive, which is harmless.
pub async fn forget(
    registry: &RegistryTable,
    user: &UserId,
    counted: Counted,
) -> Result<(), StoreError> {
    let gone = registry
        .writes()
        .delete::<Throttle>(&(user.clone(), counted), Condition::Any)?;
    match gone.commit().await {
        Err(StoreError::Conflict) => Ok(()),
        outcome => outcome,
    }
}

/// The count with this try, or the seconds to wait. The try that succeeds is counted too, until
/// success ends the count.
fn next_try(
    user: &UserId,
    limit: Limit,
    stored: Option<Throttle>,
    now: Timestamp,
) -> Result<Throttle, u32> {
    match stored.filter(|s| now < s.window_ends) {
        Some(s) if s.tries >= limit.most => {
            let left = s.window_ends.duration_since(now).as_secs() + 1;
            Err(u32::try_from(left).unwrap_or(u32::MAX))
        }
        Some(s) => Ok(Throttle {
            tries: s.tries + 1,
            ..s
        }),
        None => {
            let window_ends = now.saturating_add(limit.window).unwrap_or(Timestamp::MAX);
            Ok(Throttle {
                user_id: user.clone(),
                counted: limit.counted,
                tries: 1,
                window_ends,
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn twenty_tries_and_then_a_wait_until_the_window_ends() {
        let user = UserId::mint();
        let mut stored = None;
        for second in 0..20 {
            stored = Some(next_try(&user, SIGN_IN, stored, at(second)).unwrap());
        }
        assert_eq!(
            next_try(&user, SIGN_IN, stored.clone(), at(20)).unwrap_err(),
            881
        );
        assert_eq!(
            next_try(&user, SIGN_IN, stored.clone(), at(899)).unwrap_err(),
            2
        );
        let anew = next_try(&user, SIGN_IN, stored, at(900)).unwrap();
        assert_eq!((anew.tries, anew.window_ends), (1, at(1800)));
    }

    /// However mails are asked for, by whomever: either a way to a new password, or a code for a registration, that
    /// was mailed is still good, or another one can be had at once.
    #[test]
    fn nobody_is_kept_from_a_new_password_or_an_account() {
        let (user, lifetime) = (UserId::mint(), SignedDuration::from_mins(10));
        for limit in [
            Limit::reset_mail(lifetime),
            Limit::registration_mail(lifetime),
        ] {
            let (mut stored, mut alive_until) = (None, at(0));
            for second in 0..7200 {
                match next_try(&user, limit, stored.clone(), at(second)) {
                    Ok(next) => {
                        stored = Some(next);
                        alive_until = at(second) + lifetime;
                    }
                    Err(_) => assert!(at(second) < alive_until, "shut out at {second} s"),
                }
            }
        }
    }

    proptest! {
        /// Whenever tries are made, no window of our counting holds more than 20.
        #[test]
        fn no_window_holds_more(steps in proptest::collection::vec(0_i64..120, 1..200)) {
            let user = UserId::mint();
            let (mut stored, mut second, mut allowed) = (None::<Throttle>, 0, Vec::new());
            for step in steps {
                second += step;
                if let Ok(next) = next_try(&user, SIGN_IN, stored.clone(), at(second)) {
                    allowed.push(next.window_ends);
                    stored = Some(next);
                }
            }
            for end in &allowed {
                prop_assert!(allowed.iter().filter(|e| *e == end).count() <= 20);
            }
        }
    }
}
