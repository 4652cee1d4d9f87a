use std::{
    collections::HashMap,
    sync::Mutex,
    time::{Duration, SystemTime},
};

use aws_credential_types::Credentials;
use aws_sdk_sts::{
    Client,
    types::{Credentials as StsCredentials, Tag},
};
use outlay_core::{TenantId, UserId};

/// Stands for "no tenant" or "no person" in a tag: no id can be spelled so.
const NOBODY: &str = "none";
/// Chained sessions last an hour at most (AWS: role chaining).
const SESSION_SECONDS: i32 = 3600;
/// Sessions kept per container; beyond it each new one takes the place of any other.
const CAPACITY: usize = 512;

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub enum CloudError {
    /// STS did not hand out a session.
    #[error("no session of {role}")]
    NoSession {
        /// Which role was asked for.
        role: String,
        /// What STS said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// STS answered without credentials.
    #[error("STS answered without credentials for {0}")]
    Empty(String),
}

/// Whom a session is for: what the guarded policies compare keys with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SessionTags {
    /// One tenant's data.
    Tenant(TenantId),
    /// People and addresses, and at most one person and one tenant.
    Registry(Option<TenantId>, Option<UserId>),
    /// A global owner at work: the platform, and at most one person and one tenant.
    Operator(Option<TenantId>, Option<UserId>),
    /// At most one person, in no tenant.
    Person(Option<UserId>),
    /// The platform's own items: no tags.
    Platform,
}

impl SessionTags {
    fn pairs(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::Tenant(tenant) => vec![("tenant_id", tenant.as_str())],
            Self::Registry(tenant, user) | Self::Operator(tenant, user) => vec![
                (
                    "tenant_id",
                    tenant.as_ref().map_or(NOBODY, TenantId::as_str),
                ),
                ("user_id", user.as_ref().map_or(NOBODY, UserId::as_str)),
            ],
            Self::Person(user) => {
                vec![("user_id", user.as_ref().map_or(NOBODY, UserId::as_str))]
            }
            Self::Platform => Vec::new(),
        }
    }

    /// Names the session in the audit trail: tenants may be named, people may not.
    fn session_name(&self) -> &str {
        match self {
            Self::Tenant(tenant)
            | Self::Registry(Some(tenant), _)
            | Self::Operator(Some(tenant), _) => tenant.as_str(),
            Self::Operator(None, _) => "operator",
            Self::Registry(None, _) => "registry",
            Self::Person(_) => "person",
            Self::Platform => "platform",
        }
    }
}

/// What a session is found by: its role and its tags.
type SessionKey = (String, SessionTags);

/// A session for somebody who has proved nothing yet. `Sessions::keep` keeps it once they have.
#[derive(Debug)]
pub struct Unkept {
    key: SessionKey,
    credentials: Credentials,
}

impl Unkept {
    /// Its credentials.
    pub fn credentials(&self) -> Credentials {
        self.credentials.clone()
    }
}

/// Role sessions of this container, kept until shortly before they end. A session is found by its
/// role and its tags together, so a warm container never lends one tenant's session to another.
pub struct Sessions {
    client: Client,
    cache: Mutex<HashMap<SessionKey, Credentials>>,
}

impl Sessions {
    /// An empty cache over this client, which holds the function's own role.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            cache: Mutex::default(),
        }
    }

    /// Credentials of a role with these tags that stay good for at least this long.
    pub async fn assume(
        &self,
        role_arn: &str,
        tags: &SessionTags,
        at_least: Duration,
    ) -> Result<Credentials, CloudError> {
        let session = self.assume_unkept(role_arn, tags, at_least).await?;
        let credentials = session.credentials();
        self.keep(session);
        Ok(credentials)
    }

    /// The same, but what is asked for anew is not kept: whoever invents tenants pushes nobody's session out.
    pub async fn assume_unkept(
        &self,
        role_arn: &str,
        tags: &SessionTags,
        at_least: Duration,
    ) -> Result<Unkept, CloudError> {
        let key = (role_arn.to_owned(), tags.clone());
        let credentials = match self.cached(&key, at_least) {
            Some(credentials) => credentials,
            None => self.request(role_arn, tags).await?,
        };
        Ok(Unkept { key, credentials })
    }

    /// Keeps a session until shortly before it ends.
    pub fn keep(&self, session: Unkept) {
        let mut cache = self
            .cache
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if cache.len() >= CAPACITY
            && !cache.contains_key(&session.key)
            && let Some(any) = cache.keys().next().cloned()
        {
            cache.remove(&any);
        }
        cache.insert(session.key, session.credentials);
    }

    /// The same asked for anew and not kept: as slow for those who were here a moment ago as for anybody.
    pub async fn assume_anew(
        &self,
        role_arn: &str,
        tags: &SessionTags,
    ) -> Result<Credentials, CloudError> {
        self.request(role_arn, tags).await
    }

    fn cached(&self, key: &SessionKey, at_least: Duration) -> Option<Credentials> {
        let cache = self
            .cache
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let good_until = SystemTime::now() + at_least;
        cache
            .get(key)
            .filter(|c| c.expiry().is_some_and(|end| end > good_until))
            .cloned()
    }

    async fn request(&self, role_arn: &str, tags: &SessionTags) -> Result<Credentials, CloudError> {
        let no_session = |source: Box<dyn std::error::Error + Send + Sync>| CloudError::NoSession {
            role: role_arn.to_owned(),
            source,
        };
        let tag_list = tags
            .pairs()
            .into_iter()
            .map(|(key, value)| Tag::builder().key(key).value(value).build())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| no_session(e.into()))?;
        let answer = self
            .client
            .assume_role()
            .role_arn(role_arn)
            .role_session_name(tags.session_name())
            .duration_seconds(SESSION_SECONDS)
            .set_tags(Some(tag_list).filter(|tags| !tags.is_empty()))
            .send()
            .await
            .map_err(|e| no_session(e.into()))?;
        let credentials = answer
            .credentials
            .ok_or_else(|| CloudError::Empty(role_arn.to_owned()))?;
        Ok(into_credentials(credentials))
    }
}

fn into_credentials(sts: StsCredentials) -> Credentials {
    let expiry = SystemTime::try_from(sts.expiration).ok();
    Credentials::new(
        sts.access_key_id,
        sts.secret_access_key,
        Some(sts.session_token),
        expiry,
        "outlay-session",
    )
}

#[cfg(test)]
mod tests {
    use aws_sdk_sts::{
        operation::assume_role::{AssumeRoleInput, AssumeRoleOutput},
        primitives::DateTime,
    };
    use aws_smithy_mocks::{RuleMode, mock, mock_client};

    use super::*;

    const MARGIN: Duration = Duration::from_mins(5);

    /// The access key names the tenant that was asked for, so a mix-up shows.
    fn session_for(input: &AssumeRoleInput, seconds: u64) -> AssumeRoleOutput {
        let tenant = input
            .tags()
            .iter()
            .find(|t| t.key() == "tenant_id")
            .map(Tag::value);
        let expiration = DateTime::from(SystemTime::now() + Duration::from_secs(seconds));
        let credentials = StsCredentials::builder()
            .access_key_id(format!("ASIA-{}", tenant.unwrap_or("untagged")))
            .secret_access_key("secret")
            .session_token("token")
            .expiration(expiration)
            .build()
            .unwrap();
        AssumeRoleOutput::builder().credentials(credentials).build()
    }

    macro_rules! sessions {
        ($seconds:expr) => {{
            let rule = mock!(Client::assume_role).then_compute_output(|i| session_for(i, $seconds));
            let client = mock_client!(aws_sdk_sts, RuleMode::MatchAny, [&rule]);
            (Sessions::new(client), rule)
        }};
    }

    #[tokio::test]
    async fn a_session_is_kept_per_role_and_tenant() {
        let (sessions, rule) = sessions!(3600);
        let tenants: Vec<TenantId> = (0..8)
            .map(|n: i32| TenantId::derive(&[&n.to_string()]))
            .collect();
        for _ in 0..50 {
            for tenant in &tenants {
                let tags = SessionTags::Tenant(tenant.clone());
                let credentials = sessions.assume("read", &tags, MARGIN).await.unwrap();
                assert_eq!(credentials.access_key_id(), format!("ASIA-{tenant}"));
            }
        }
        assert_eq!(rule.num_calls(), tenants.len());
        let tags = SessionTags::Tenant(tenants[0].clone());
        sessions.assume("write", &tags, MARGIN).await.unwrap();
        assert_eq!(
            rule.num_calls(),
            tenants.len() + 1,
            "another role is another session"
        );
    }

    #[tokio::test]
    async fn a_session_asked_for_anew_is_neither_taken_nor_kept() {
        let (sessions, rule) = sessions!(3600);
        let tags = SessionTags::Registry(None, Some(UserId::mint()));
        for _ in 0..3 {
            sessions.assume_anew("registry", &tags).await.unwrap();
        }
        sessions.assume("registry", &tags, MARGIN).await.unwrap();
        sessions.assume_anew("registry", &tags).await.unwrap();
        assert_eq!(rule.num_calls(), 5);
    }

    #[tokio::test]
    async fn inventions_push_nobody_out() {
        let (sessions, rule) = sessions!(3600);
        let real = SessionTags::Tenant(TenantId::mint());
        let session = sessions.assume_unkept("caller", &real, MARGIN).await;
        sessions.keep(session.unwrap());
        for _ in 0..600 {
            let invented = SessionTags::Tenant(TenantId::mint());
            let session = sessions.assume_unkept("caller", &invented, MARGIN).await;
            assert!(session.is_ok());
        }
        assert_eq!(rule.num_calls(), 601);
        sessions.assume("caller", &real, MARGIN).await.unwrap();
        assert_eq!(rule.num_calls(), 601, "it is still there");
    }

    #[tokio::test]
    async fn a_session_about_to_end_is_not_handed_out() {
        let (sessions, rule) = sessions!(299);
        let tags = SessionTags::Tenant(TenantId::mint());
        sessions.assume("read", &tags, MARGIN).await.unwrap();
        sessions.assume("read", &tags, MARGIN).await.unwrap();
        assert_eq!(rule.num_calls(), 2);
    }

    #[tokio::test]
    async fn the_platform_session_has_no_tags() {
        let (sessions, _rule) = sessions!(3600);
        let credentials = sessions
            .assume("platform", &SessionTags::Platform, MARGIN)
            .await
            .unwrap();
        assert_eq!(credentials.access_key_id(), "ASIA-untagged");
    }
}
