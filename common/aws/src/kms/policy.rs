//! The policy that a one-time key is born with. It is in force with the key, where permissions by tag may take minutes,
//! and nobody but the signing role can sign: no policy of IAM can allow it to another.

use aws_sdk_kms::types::SigningAlgorithmSpec;
use serde_json::{Value, json};

/// The role of the signing function, by its ARN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningRole {
    arn: String,
    account_root: String,
}

/// The text is no ARN of a role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not the ARN of a role")]
pub struct NotARole(String);

impl SigningRole {
    /// `arn:PARTITION:iam::ACCOUNT:role/NAME`.
    pub fn parse(arn: &str) -> Result<Self, NotARole> {
        let account = arn.split_once(":role/").map(|(account, _)| account).filter(|account| account.contains(":iam::"));
        let account = account.ok_or_else(|| NotARole(arn.to_owned()))?;
        Ok(Self { arn: arn.to_owned(), account_root: format!("{account}:root") })
    }

    /// Administrators may see and delete the key. Only the role may use it, and only for digests by its one algorithm.
    pub(super) fn key_policy(&self, algorithm: &SigningAlgorithmSpec) -> Value {
        json!({
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "Administration",
                    "Effect": "Allow",
                    "Principal": { "AWS": self.account_root },
                    "Action": [
                        "kms:DescribeKey", "kms:GetKeyPolicy", "kms:PutKeyPolicy", "kms:ListKeyPolicies", "kms:ListResourceTags",
                        "kms:ScheduleKeyDeletion",
                    ],
                    "Resource": "*",
                },
                {
                    "Sid": "OneTime",
                    "Effect": "Allow",
                    "Principal": { "AWS": self.arn },
                    "Action": ["kms:GetPublicKey", "kms:ScheduleKeyDeletion"],
                    "Resource": "*",
                },
                {
                    "Sid": "Digests",
                    "Effect": "Allow",
                    "Principal": { "AWS": self.arn },
                    "Action": ["kms:Sign"],
                    "Resource": "*",
                    "Condition": { "StringEquals": { "kms:MessageType": "DIGEST", "kms:SigningAlgorithm": algorithm.as_str() } },
                },
            ],
        })
    }
}
