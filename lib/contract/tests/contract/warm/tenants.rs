//! Tenants in the memory of [`Aws`], written by the product's own handles.

use std::{sync::LazyLock, time::Duration};

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64URL};
use jiff::Timestamp;
use outlay_billing::{AmountColumn, COST_COLUMNS, FocusRow, RollupBuilder, TextColumn, TimeColumn};
use outlay_core::{
    Clock, Decimal, FamilyId, PayerId, SourceId, TenantId, TokenId, UploadId, UserId, VersionId,
    now,
};
use outlay_identity::{AddressedSecret, hash_password};
use outlay_runtime::{App, Config, Variable};
use outlay_store::{
    ActiveVersion, ApiToken, Condition, EmailGuard, Member, RegistryTable, Role, Session, Status,
    Tenant, TenantTable, Upload, User, UserPlatform, UserTenant,
};
use outlay_testkit::proof::hostile::{raw_signature, thumbprint};
use serde_json::{Value, json};

use super::aws::{Aws, ROOT};

pub(super) const PASSWORD: &str = "a long enough pass phrase";
pub(super) const TABLE: &str = "table";
const BUCKET: &str = "bucket";
const KEY: &str = "key";
pub(super) const ISSUER: &str = "urn:outlay:test";

/// A tenant with one person, one delivery and one bill; the canary stands in every text.
pub(super) struct Company {
    pub(super) tenant: TenantId,
    pub(super) user: UserId,
    pub(super) family: FamilyId,
    pub(super) upload: UploadId,
    pub(super) canary: String,
}

/// The clients of a function over this account.
pub(super) fn sdk(aws: &Aws, key: &str) -> SdkConfig {
    let own = Credentials::new(key, "secret", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("us-east-1"))
        .endpoint_url("http://127.0.0.1:9")
        .credentials_provider(SharedCredentialsProvider::new(own))
        .http_client(aws.clone())
        .build()
}

const ROLE: &str = "arn:aws:iam::000000000000:role/data";

/// A warm container of any function.
pub(super) fn container(aws: &Aws) -> &'static App {
    container_at(aws, now)
}

/// One with another clock.
pub(super) fn container_at(aws: &Aws, clock: Clock) -> &'static App {
    container_with(aws, clock, &[])
}

/// One with other variables besides; of two values the later one counts.
pub(super) fn container_with(aws: &Aws, clock: Clock, more: &[(Variable, &str)]) -> &'static App {
    let usual = [
        (Variable::RegistryRoleArn, ROLE),
        (Variable::OperatorReadRoleArn, ROLE),
        (Variable::OperatorRoleArn, ROLE),
        (Variable::EndingRoleArn, ROLE),
        (Variable::OffboardingRoleArn, ROLE),
        (
            Variable::OffboardingQueueUrl,
            "http://127.0.0.1:9/offboarding",
        ),
        (Variable::OffboardingGraceSeconds, "900"),
        (Variable::InviteSeconds, "900"),
    ];
    let mut app = started(aws, &[&usual, more].concat(), "1000000");
    app.clock = clock;
    Box::leak(Box::new(app))
}

/// A minute that does not pass: what it allows is allowed once. It is ahead of tokens that are made meanwhile.
fn still() -> Timestamp {
    static STILL: LazyLock<Timestamp> = LazyLock::new(|| now() + Duration::from_mins(1));
    *STILL
}

/// A warm container of a function that reads a company's data and looks at callers, where an address may ask so often.
pub(super) fn reader(aws: &Aws, per_minute: usize) -> &'static App {
    let per_minute = per_minute.to_string();
    let mut app = started(aws, &[(Variable::CallerRoleArn, ROLE)], &per_minute);
    app.clock = still;
    Box::leak(Box::new(app))
}

/// A warm container of a function that a global owner asks, so often.
pub(super) fn operator(aws: &Aws, per_minute: usize) -> &'static App {
    let per_minute = per_minute.to_string();
    let config = Config::of(&[
        (Variable::TableName, TABLE),
        (Variable::OperatorReadRoleArn, ROLE),
        (Variable::SigningKeyIds, KEY),
        (Variable::TokenIssuer, ISSUER),
        (Variable::UserRequestsPerMinute, &per_minute),
        (Variable::AddressRequestsPerMinute, "1000000"),
    ]);
    let mut app = App::over(config, sdk(aws, "function"));
    app.clock = still;
    Box::leak(Box::new(app))
}

/// A warm container of a function that may count nobody.
pub(super) fn edge(aws: &Aws, per_minute: usize) -> &'static App {
    let most = per_minute.to_string();
    let config = Config::of(&[(Variable::AddressRequestsPerMinute, &most)]);
    let mut app = App::over(config, sdk(aws, "function"));
    app.clock = still;
    Box::leak(Box::new(app))
}

fn started(aws: &Aws, callers: &[(Variable, &str)], per_minute: &str) -> App {
    let role = ROLE;
    let mut values = vec![
        (Variable::TableName, TABLE),
        (Variable::BucketName, BUCKET),
        (Variable::TenantReadRoleArn, role),
        (Variable::TenantWriteRoleArn, role),
        (Variable::SigningKeyIds, KEY),
        (Variable::TokenIssuer, ISSUER),
        (Variable::CallerCacheSeconds, "60"),
        (Variable::AddressRequestsPerMinute, per_minute),
        (Variable::TenantRequestsPerMinute, "1000000"),
        (Variable::UserRequestsPerMinute, "1000000"),
    ];
    values.extend(callers);
    App::over(Config::of(&values), sdk(aws, "function"))
}

impl Company {
    /// Writes the tenant, as if it had been there for long.
    pub(super) async fn found(aws: &Aws, number: usize) -> Self {
        let company = Self {
            tenant: TenantId::mint(),
            user: UserId::mint(),
            family: FamilyId::mint(),
            upload: UploadId::mint(),
            canary: format!("canary-{number:04}-{}", UploadId::mint()),
        };
        let client = aws_sdk_dynamodb::Client::new(&sdk(aws, ROOT));
        let table = TenantTable::new(client, TABLE, company.tenant.clone());
        let version = company.active();
        let rollup = company.rollup();
        let key = outlay_lake::layout::rollup(&company.tenant, &version.version_id);
        aws.put_object(&key, rollup);
        let writes = table.writes().create(&company.description()).unwrap();
        let writes = writes
            .create(&company.delivery())
            .unwrap()
            .create(&version)
            .unwrap();
        writes
            .create(&company.member())
            .unwrap()
            .commit()
            .await
            .unwrap();
        let people = people(aws);
        let writes = people.writes().create(&company.person()).unwrap();
        let writes = writes.create(&company.membership()).unwrap();
        writes
            .create(&company.session())
            .unwrap()
            .commit()
            .await
            .unwrap();
        company
    }

    /// An API token that acts for the person.
    pub(super) async fn program(&self, aws: &Aws) -> String {
        let id = TokenId::mint();
        let secret = AddressedSecret::mint(&self.tenant, &id).unwrap();
        let token = ApiToken {
            token_id: id,
            name: self.canary.clone(),
            scopes: vec!["uploads:read".to_owned(), "costs:read".to_owned()],
            secret_hash: secret.hash(),
            created_by: self.user.clone(),
            created_at: now(),
            expires_at: "2099-01-01T00:00:00Z".parse().unwrap(),
        };
        let client = aws_sdk_dynamodb::Client::new(&sdk(aws, ROOT));
        let table = TenantTable::new(client, TABLE, self.tenant.clone());
        let writes = table.writes().create(&token).unwrap();
        writes.commit().await.unwrap();
        secret.reveal()
    }

    /// Header and claims of the person's access token.
    pub(super) fn token_parts(&self, aws: &Aws) -> (Value, Value) {
        let now = now().as_second();
        let claims = json!({
            "iss": ISSUER, "aud": "outlay-api", "sub": self.user, "tenant_id": self.tenant, "role": "owner",
            "sid": self.family, "jti": "1", "iat": now, "exp": now + 900,
        });
        (
            json!({ "alg": "ES256", "typ": "at+jwt", "kid": thumbprint(&aws.public_point()) }),
            claims,
        )
    }

    /// The person's access token.
    pub(super) fn token(&self, aws: &Aws) -> String {
        self.token_with(aws, |_, _| ())
    }

    /// It with another header or other claims.
    pub(super) fn token_with(
        &self,
        aws: &Aws,
        change: impl FnOnce(&mut Value, &mut Value),
    ) -> String {
        let (mut header, mut claims) = self.token_parts(aws);
        change(&mut header, &mut claims);
        signed(aws, (header, claims))
    }

    /// Makes the person a global owner, and gives the access token of one.
    pub(super) async fn owner(&self, aws: &Aws) -> String {
        let ownership = UserPlatform {
            user_id: self.user.clone(),
            since: now(),
        };
        let people = people(aws);
        let writes = people.writes().create(&ownership).unwrap();
        writes.commit().await.unwrap();
        self.token_with(aws, |_, claims| {
            claims.as_object_mut().unwrap().remove("tenant_id");
            claims["role"] = json!("global_owner");
        })
    }

    /// Ends the person's session.
    pub(super) async fn sign_out(&self, aws: &Aws) {
        let id = (self.user.clone(), self.family.clone());
        let people = people(aws);
        let gone = people.writes().delete::<Session>(&id, Condition::Any);
        gone.unwrap().commit().await.unwrap();
    }

    /// Gives the person this password, and the address that signs in with it.
    pub(super) async fn set_password(&self, aws: &Aws, password: &str) {
        let person = User {
            password_hash: Some(hash_password(password, &[]).unwrap()),
            ..self.person()
        };
        let guard = EmailGuard::of(&person);
        let people = people(aws);
        let writes = people.writes().put(&person, Condition::Any).unwrap();
        let writes = writes.create(&guard).unwrap();
        writes.commit().await.unwrap();
    }

    /// The person's address.
    pub(super) fn email(&self) -> String {
        format!("{}@example.com", self.canary)
    }

    fn description(&self) -> Tenant {
        serde_json::from_value(json!({
            "tenantId": self.tenant, "name": self.canary, "rollupTagKeys": [], "createdAt": now(),
        }))
        .unwrap()
    }

    fn member(&self) -> Member {
        serde_json::from_value(
            json!({ "userId": self.user, "role": Role::Owner, "joinedAt": now(), "name": self.canary,
                "email": self.email() }),
        )
        .unwrap()
    }

    fn membership(&self) -> UserTenant {
        serde_json::from_value(
            json!({ "userId": self.user, "tenantId": self.tenant, "role": Role::Owner }),
        )
        .unwrap()
    }

    fn person(&self) -> User {
        serde_json::from_value(json!({
            "userId": self.user, "email": self.email(), "name": self.canary,
            "passwordHash": "", "createdAt": now(),
        }))
        .unwrap()
    }

    fn session(&self) -> Session {
        serde_json::from_value(json!({
            "userId": self.user, "familyId": self.family, "tenantId": self.tenant, "generation": 0, "rotatedAt": now(),
            "createdAt": now(), "expiresAt": "2099-01-01T00:00:00Z",
        }))
        .unwrap()
    }

    fn delivery(&self) -> Upload {
        serde_json::from_value(json!({
            "uploadId": self.upload, "fileName": self.canary, "sizeBytes": 1, "contentType": "text/csv", "sample": false,
            "status": Status::Completed, "stage": null, "createdAt": now(), "updatedAt": now(), "createdBy": self.user,
            "putExpiresAt": now(), "onConflict": null, "separated": false, "attempt": 1, "abandoned": [], "arrived": null,
            "format": null, "rows": null, "bills": [], "warnings": [], "failure": null, "deletedAt": null, "revision": 1,
        }))
        .unwrap()
    }

    fn active(&self) -> ActiveVersion {
        ActiveVersion {
            source_id: SourceId::mint(),
            billing_period: "2026-10".parse().unwrap(),
            version_id: VersionId::mint(),
            upload_id: self.upload.clone(),
            payer_id: PayerId::mint(),
            rows: 1,
            totals: Vec::new(),
            content_sha256: self.canary.clone(),
            switched_at: now(),
            since: now(),
        }
    }

    /// One row, whose service is named after the canary.
    fn rollup(&self) -> Vec<u8> {
        let mut row = FocusRow::default();
        let (day, month): (Timestamp, Timestamp) = (
            "2026-10-03T00:00:00Z".parse().unwrap(),
            "2026-10-01T00:00:00Z".parse().unwrap(),
        );
        row.set_time(TimeColumn::ChargePeriodStart, day);
        row.set_time(TimeColumn::BillingPeriodStart, month);
        row.set_text(TextColumn::BillingCurrency, "USD");
        row.set_text(TextColumn::ServiceName, &self.canary);
        for column in COST_COLUMNS {
            row.set_amount(column, Decimal::ONE);
        }
        row.set_amount(AmountColumn::ListCost, None);
        let mut builder = RollupBuilder::new([]);
        builder.push(&row).unwrap();
        builder.finish().unwrap().encode().unwrap()
    }
}

/// An access token of this header and these claims.
pub(super) fn signed(aws: &Aws, (header, claims): (Value, Value)) -> String {
    let signed = [header, claims]
        .map(|part| BASE64URL.encode(part.to_string()))
        .join(".");
    let signature = raw_signature(&aws.sign(signed.as_bytes())).unwrap();
    format!("{signed}.{}", BASE64URL.encode(signature))
}

/// People and addresses, as tests write them.
fn people(aws: &Aws) -> RegistryTable {
    let client = aws_sdk_dynamodb::Client::new(&sdk(aws, ROOT));
    RegistryTable::new(client, TABLE)
}
