use std::{sync::OnceLock, time::Duration};

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_smithy_http_client::{
    Builder,
    tls::{Provider, rustls_provider::CryptoMode},
};
use outlay_cloud::{CloudError, SessionTags, Sessions, Unkept};
use outlay_core::{Clock, TenantId, UserId};
use outlay_http::Problem;
use outlay_identity::{ExternalIssuer, KeyError, PublicKeys, RefreshKey, Signer, TenantContext};
use outlay_lake::{Archive, RollupCache, TenantObjects};
use outlay_messages::{Mailer, Queues};
use outlay_store::{ErasingTable, OperatorTable, PlatformTable, RegistryTable, TenantTable};
use tokio::sync::OnceCell;

use crate::{
    callers::Callers,
    config::{Config, MissingVariable, Variable},
    limits::Limits,
};

/// A session handed to work that answers within seconds.
const SHORT: Duration = Duration::from_mins(5);
/// The data roles that may count who is in no company, and whom their sessions are for then.
pub static COUNTING: [(Variable, SessionTags); 7] = [
    (Variable::RegistryRoleArn, SessionTags::Registry(None, None)),
    (Variable::CallerRoleArn, SessionTags::Registry(None, None)),
    (Variable::OperatorRoleArn, SessionTags::Operator(None, None)),
    (
        Variable::OperatorReadRoleArn,
        SessionTags::Operator(None, None),
    ),
    (Variable::NewOwnerRoleArn, SessionTags::Person(None)),
    (Variable::PublicRoleArn, SessionTags::Platform),
    (Variable::InquiriesRoleArn, SessionTags::Platform),
];
/// The data roles of what belongs to nobody, each with its part of it.
const PLATFORM: [Variable; 4] = [
    Variable::PublicRoleArn,
    Variable::InquiriesRoleArn,
    Variable::DirectoryRoleArn,
    Variable::MonitorRoleArn,
];
/// A session whose presigned addresses live a quarter of an hour must itself live longer.
const LONG: Duration = Duration::from_mins(20);

/// Why a function could not reach what it stands on.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The function is configured wrongly.
    #[error(transparent)]
    Config(#[from] MissingVariable),
    /// No session of a data role.
    #[error("no session of a data role")]
    Session(#[from] CloudError),
    /// No signing key.
    #[error("no signing key")]
    Key(#[from] KeyError),
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Config(_) => Self::internal(error),
            AppError::Session(_) | AppError::Key(_) => Self::unavailable(error),
        }
    }
}

/// One tenant's table and objects, under one session.
#[derive(Clone)]
pub struct TenantData {
    /// Its items.
    pub table: TenantTable,
    /// Its objects.
    pub objects: TenantObjects,
}

/// Configuration, clients and caches of this container. Nothing here can reach tenant data without
/// a session that is tagged with the tenant.
pub struct App {
    /// What the function was configured with.
    pub config: Config,
    /// Where the time comes from.
    pub clock: Clock,
    /// Decoded roll-ups by tenant and version.
    pub rollups: RollupCache,
    pub(crate) callers: Callers,
    pub(crate) limits: Limits,
    sdk: SdkConfig,
    sessions: Sessions,
    public_keys: OnceCell<PublicKeys>,
    external_issuer: OnceLock<Option<ExternalIssuer>>,
}

impl App {
    /// Builds the clients; connects to nothing yet.
    pub async fn start(config: Config) -> Self {
        // One HTTP client for all: sessions differ, connections are shared.
        let tls = Provider::Rustls(CryptoMode::AwsLc);
        let sdk = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .http_client(Builder::new().tls_provider(tls).build_https())
            .load()
            .await;
        Self::over(config, sdk)
    }

    /// The same over clients that are there already.
    pub fn over(config: Config, sdk: SdkConfig) -> Self {
        let sessions = Sessions::new(aws_sdk_sts::Client::new(&sdk));
        let (rollups, clock) = (RollupCache::default(), outlay_core::now as Clock);
        Self {
            config,
            clock,
            rollups,
            callers: Callers::default(),
            limits: Limits::default(),
            sdk,
            sessions,
            public_keys: OnceCell::new(),
            external_issuer: OnceLock::new(),
        }
    }

    /// The caller's tenant, to read.
    pub async fn reader(&self, caller: &TenantContext) -> Result<TenantData, AppError> {
        self.tenant(caller.tenant(), Variable::TenantReadRoleArn, SHORT)
            .await
    }

    /// The caller's tenant, to change; presigned addresses made of it live a quarter of an hour.
    pub async fn writer(&self, caller: &TenantContext) -> Result<TenantData, AppError> {
        self.tenant(caller.tenant(), Variable::TenantWriteRoleArn, LONG)
            .await
    }

    /// A tenant that a pipeline stage works for, by the id that our own table or message names.
    pub async fn worker(&self, tenant: &TenantId) -> Result<TenantData, AppError> {
        self.tenant(tenant, Variable::TenantWriteRoleArn, LONG)
            .await
    }

    /// People and addresses, and at most this tenant and this person.
    pub async fn registry(
        &self,
        tenant: Option<&TenantId>,
        user: Option<&UserId>,
    ) -> Result<RegistryTable, AppError> {
        self.people(Variable::RegistryRoleArn, tenant, user).await
    }

    /// Whoever an address belongs to, or nobody, for somebody who has proved nothing yet. Its session is not kept: where
    /// it were, those who were here a moment ago would be answered sooner than addresses without an account.
    pub async fn at_the_door(&self, user: &UserId) -> Result<RegistryTable, AppError> {
        let tags = SessionTags::Registry(None, Some(user.clone()));
        let role = self.config.get(Variable::RegistryRoleArn)?;
        let credentials = self.sessions.assume_anew(role, &tags).await?;
        let table = self.config.get(Variable::TableName)?;
        Ok(RegistryTable::new(self.dynamodb(credentials), table))
    }

    /// Whoever calls, to look at: the company, and this person in it. Functions that reach people
    /// anyway need no role of its own for it.
    pub(crate) async fn caller(
        &self,
        tenant: &TenantId,
        user: Option<&UserId>,
    ) -> Result<RegistryTable, AppError> {
        let role = self.first_of([Variable::CallerRoleArn, Variable::RegistryRoleArn]);
        self.people(role, Some(tenant), user).await
    }

    /// The company that an unknown API token names, to look the token up: its session is to be kept once the token
    /// proves right.
    pub(crate) async fn named(
        &self,
        tenant: &TenantId,
    ) -> Result<(RegistryTable, Unkept), AppError> {
        let role = self.first_of([Variable::CallerRoleArn, Variable::RegistryRoleArn]);
        let tags = SessionTags::Registry(Some(tenant.clone()), None);
        let role = self.config.get(role)?;
        let session = self.sessions.assume_unkept(role, &tags, SHORT).await?;
        let table = self.config.get(Variable::TableName)?;
        let client = self.dynamodb(session.credentials());
        Ok((RegistryTable::new(client, table), session))
    }

    /// Keeps a session whose tenant is one.
    pub(crate) fn keep(&self, session: Unkept) {
        self.sessions.keep(session);
    }

    /// The caller's company, to look at, by whichever data role this function has.
    pub(crate) async fn company(&self, tenant: &TenantId) -> Result<TenantTable, AppError> {
        let of_tenant = [Variable::TenantReadRoleArn, Variable::TenantWriteRoleArn];
        let role = self.first_of(of_tenant);
        if self.config.get(role).is_err() {
            return Ok(self.caller(tenant, None).await?.tenant(tenant));
        }
        self.table(tenant, role, SHORT).await
    }

    /// The caller's tenant, to read, where its objects are not needed.
    pub async fn reading(&self, caller: &TenantContext) -> Result<TenantTable, AppError> {
        self.table(caller.tenant(), Variable::TenantReadRoleArn, SHORT)
            .await
    }

    /// The caller's tenant, to change, where its objects are not needed.
    pub async fn writing(&self, caller: &TenantContext) -> Result<TenantTable, AppError> {
        self.table(caller.tenant(), Variable::TenantWriteRoleArn, SHORT)
            .await
    }

    /// The platform as a global owner changes it, and at most this tenant and this person.
    pub async fn operator(
        &self,
        tenant: Option<&TenantId>,
        user: Option<&UserId>,
    ) -> Result<OperatorTable, AppError> {
        let role = self.first_of([Variable::OperatorReadRoleArn, Variable::OperatorRoleArn]);
        let tags = SessionTags::Operator(tenant.cloned(), user.cloned());
        let credentials = self.session(role, &tags, SHORT).await?;
        Ok(OperatorTable::new(
            self.dynamodb(credentials),
            self.config.get(Variable::TableName)?,
        ))
    }

    /// What makes a person a global owner: who waits for it, and then that person.
    pub async fn new_owner(&self, user: Option<&UserId>) -> Result<PlatformTable, AppError> {
        let tags = SessionTags::Person(user.cloned());
        self.platform_as(Variable::NewOwnerRoleArn, &tags).await
    }

    /// What belongs to nobody, as far as this function's data role reaches.
    pub async fn platform(&self) -> Result<PlatformTable, AppError> {
        self.platform_as(self.first_of(PLATFORM), &SessionTags::Platform)
            .await
    }

    /// Where addresses and global owners are counted; nowhere where no data role of this function may.
    pub(crate) async fn counts(&self) -> Result<Option<PlatformTable>, AppError> {
        let role = COUNTING
            .iter()
            .find(|(role, _)| self.config.get(*role).is_ok());
        match role {
            Some((role, tags)) => Ok(Some(self.platform_as(*role, tags).await?)),
            None => Ok(None),
        }
    }

    /// Where signs of life are told.
    pub(crate) async fn heartbeats(&self) -> Result<PlatformTable, AppError> {
        self.platform_as(Variable::HeartbeatRoleArn, &SessionTags::Platform)
            .await
    }

    /// The keys that copies of the audit are sealed with: this tenant's or this person's.
    pub async fn seals(
        &self,
        tenant: Option<&TenantId>,
        user: Option<&UserId>,
    ) -> Result<RegistryTable, AppError> {
        self.people(Variable::SealRoleArn, tenant, user).await
    }

    async fn platform_as(
        &self,
        role: Variable,
        tags: &SessionTags,
    ) -> Result<PlatformTable, AppError> {
        let credentials = self.session(role, tags, SHORT).await?;
        Ok(PlatformTable::new(
            self.dynamodb(credentials),
            self.config.get(Variable::TableName)?,
        ))
    }

    /// The caller's company, to be ended: that it ends, and the receipt of it.
    pub async fn ending(&self, caller: &TenantContext) -> Result<RegistryTable, AppError> {
        let tags = SessionTags::Tenant(caller.tenant().clone());
        let credentials = self.session(Variable::EndingRoleArn, &tags, SHORT).await?;
        let table = self.config.get(Variable::TableName)?;
        Ok(RegistryTable::new(self.dynamodb(credentials), table))
    }

    /// One company that ends, and one person of it: its items, its objects.
    pub async fn erasing(
        &self,
        tenant: &TenantId,
        user: Option<&UserId>,
    ) -> Result<(ErasingTable, TenantObjects), AppError> {
        let tags = SessionTags::Registry(Some(tenant.clone()), user.cloned());
        let credentials = self
            .session(Variable::OffboardingRoleArn, &tags, LONG)
            .await?;
        let bucket = self.config.get(Variable::BucketName)?;
        let s3 = self.s3(credentials.clone());
        let table = self.config.get(Variable::TableName)?;
        Ok((
            ErasingTable::new(self.dynamodb(credentials), table),
            TenantObjects::new(s3, bucket.to_owned(), tenant.clone()),
        ))
    }

    /// Where copies of the audit are kept.
    pub async fn archive(&self) -> Result<Archive, AppError> {
        let tags = SessionTags::Platform;
        let credentials = self.session(Variable::ArchiveRoleArn, &tags, SHORT).await?;
        let bucket = self.config.get(Variable::ArchiveBucket)?;
        Ok(Archive::new(self.s3(credentials), bucket))
    }

    /// What clients of this function's own role are made of, for the few that no data role is for.
    pub fn own(&self) -> &SdkConfig {
        &self.sdk
    }

    /// The keys that access tokens are checked with; fetched once per container.
    pub async fn public_keys(&self) -> Result<&PublicKeys, AppError> {
        self.public_keys
            .get_or_try_init(|| async {
                let ids: Vec<&str> = self
                    .config
                    .get(Variable::SigningKeyIds)?
                    .split(',')
                    .collect();
                let issuer = self.config.get(Variable::TokenIssuer)?;
                let client = aws_sdk_kms::Client::new(&self.sdk);
                Ok(PublicKeys::fetch(&client, &ids, issuer).await?)
            })
            .await
    }

    /// The issuer outside whose word is taken for who somebody is, where one is set up. It keeps its
    /// keys for the life of this container.
    pub fn external_issuer(&self) -> Option<&ExternalIssuer> {
        let made = self.external_issuer.get_or_init(|| {
            let set = |variable| self.config.get(variable).ok();
            let (issuer, client) = (set(Variable::OidcIssuer)?, set(Variable::OidcClientId)?);
            let keys = set(Variable::OidcJwksUri)?;
            Some(ExternalIssuer::new(issuer, client, keys))
        });
        made.as_ref()
    }

    /// Issues access tokens.
    pub async fn signer(&self) -> Result<Signer, AppError> {
        let public = self.public_keys().await?;
        let key_id = self
            .config
            .get(Variable::SigningKeyIds)?
            .split(',')
            .next()
            .unwrap_or_default();
        let lifetime = self.config.seconds(Variable::AccessTokenSeconds)?.as_secs();
        let client = aws_sdk_kms::Client::new(&self.sdk);
        Ok(Signer::new(
            client,
            key_id,
            public,
            lifetime.try_into().unwrap_or(900),
        )?)
    }

    /// Makes and checks refresh tokens.
    pub fn refresh_key(&self) -> Result<RefreshKey, AppError> {
        let key_id = self.config.get(Variable::RefreshKeyId)?;
        Ok(RefreshKey::new(aws_sdk_kms::Client::new(&self.sdk), key_id))
    }

    /// Sends mail.
    pub fn mailer(&self) -> Result<Mailer, AppError> {
        let from = self.config.get(Variable::MailFrom)?;
        Ok(Mailer::new(aws_sdk_sesv2::Client::new(&self.sdk), from))
    }

    /// Sends messages to the pipeline's queues.
    pub fn queues(&self) -> Queues {
        Queues::new(self.sqs())
    }

    pub(crate) fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::new(&self.sdk)
    }

    async fn tenant(
        &self,
        tenant: &TenantId,
        role: Variable,
        at_least: Duration,
    ) -> Result<TenantData, AppError> {
        let tags = SessionTags::Tenant(tenant.clone());
        let credentials = self.session(role, &tags, at_least).await?;
        let table = self.config.get(Variable::TableName)?;
        let bucket = self.config.get(Variable::BucketName)?;
        let s3 = self.s3(credentials.clone());
        Ok(TenantData {
            table: TenantTable::new(self.dynamodb(credentials), table, tenant.clone()),
            objects: TenantObjects::new(s3, bucket.to_owned(), tenant.clone()),
        })
    }

    async fn table(
        &self,
        tenant: &TenantId,
        role: Variable,
        at_least: Duration,
    ) -> Result<TenantTable, AppError> {
        let tags = SessionTags::Tenant(tenant.clone());
        let credentials = self.session(role, &tags, at_least).await?;
        let table = self.config.get(Variable::TableName)?;
        let client = self.dynamodb(credentials);
        Ok(TenantTable::new(client, table, tenant.clone()))
    }

    async fn people(
        &self,
        role: Variable,
        tenant: Option<&TenantId>,
        user: Option<&UserId>,
    ) -> Result<RegistryTable, AppError> {
        let tags = SessionTags::Registry(tenant.cloned(), user.cloned());
        let credentials = self.session(role, &tags, SHORT).await?;
        let table = self.config.get(Variable::TableName)?;
        Ok(RegistryTable::new(self.dynamodb(credentials), table))
    }

    /// The first of these roles that this function has, or the last.
    fn first_of<const N: usize>(&self, roles: [Variable; N]) -> Variable {
        let has = |role: &Variable| self.config.get(*role).is_ok();
        let found = roles.into_iter().find(has);
        found.unwrap_or(roles[N - 1])
    }

    async fn session(
        &self,
        role: Variable,
        tags: &SessionTags,
        at_least: Duration,
    ) -> Result<Credentials, AppError> {
        Ok(self
            .sessions
            .assume(self.config.get(role)?, tags, at_least)
            .await?)
    }

    fn s3(&self, credentials: Credentials) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::config::Builder::from(&self.sdk)
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build();
        aws_sdk_s3::Client::from_conf(config)
    }

    fn dynamodb(&self, credentials: Credentials) -> aws_sdk_dynamodb::Client {
        let config = aws_sdk_dynamodb::config::Builder::from(&self.sdk)
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .build();
        aws_sdk_dynamodb::Client::from_conf(config)
    }
}
