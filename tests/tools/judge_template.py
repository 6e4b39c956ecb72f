"""Judges a SAM template as CloudFormation gets it: judge_template.py TEMPLATE OUT.json -> JSON {"policies": n, "findings": [...]}.

OUT.json is the template that SAM makes of it, for a linter. Every policy in it is read by parliament, with each reference
put as the ARN that it will be.
"""
import json
import logging
import os
import re
import sys

os.environ.setdefault("AWS_DEFAULT_REGION", "eu-north-1")
logging.disable(logging.CRITICAL)

import parliament
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

PLACE = "eu-north-1:111122223333"
PSEUDO = {"AWS::Partition": "aws", "AWS::Region": "eu-north-1", "AWS::AccountId": "111122223333", "AWS::StackName": "sigill", "AWS::URLSuffix": "amazonaws.com"}
ARNS = {
    "AWS::DynamoDB::Table": f"arn:aws:dynamodb:{PLACE}:table/{{}}",
    "AWS::S3::Bucket": "arn:aws:s3:::{}",
    "AWS::KMS::Key": f"arn:aws:kms:{PLACE}:key/{{}}",
    "AWS::SQS::Queue": f"arn:aws:sqs:{PLACE}:{{}}",
    "AWS::Lambda::Function": f"arn:aws:lambda:{PLACE}:function:{{}}",
    "AWS::Lambda::Alias": f"arn:aws:lambda:{PLACE}:function:{{}}:live",
    "AWS::Logs::LogGroup": f"arn:aws:logs:{PLACE}:log-group:{{}}:*",
    "AWS::IAM::Role": "arn:aws:iam::111122223333:role/{}",
}
# Managed policies that SAM attaches to roles of its own making.
MANAGED = {"AWSCodeDeployRoleForLambda": "arn:aws:iam::aws:policy/service-role/AWSCodeDeployRoleForLambda"}


def built(template):
    """With the addresses that `sam build` and `sam deploy` would put in."""
    for resource in template["Resources"].values():
        for name in ("CodeUri", "ContentUri"):
            if name in resource["Properties"] or resource["Type"] == "AWS::Serverless::Function" and name == "CodeUri":
                resource["Properties"][name] = "s3://artifacts/code"
    return template


def name_of(template, name):
    if name in PSEUDO:
        return PSEUDO[name]
    resource = template["Resources"].get(name)
    if resource is None:
        return name.lower()
    return ARNS.get(resource["Type"], "{}").format(name.lower())


def resolved(template, value):
    if isinstance(value, list):
        return [resolved(template, item) for item in value]
    if not isinstance(value, dict):
        return value
    if "Ref" in value:
        return name_of(template, value["Ref"])
    if "Fn::GetAtt" in value:
        return name_of(template, value["Fn::GetAtt"][0])
    if "Fn::Sub" in value:
        return re.sub(r"\$\{([^}.]+)(\.Arn)?\}", lambda match: name_of(template, match[1]), value["Fn::Sub"])
    return {name: resolved(template, item) for name, item in value.items()}


def policies(template):
    for name, resource in template["Resources"].items():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::IAM::Role":
            for policy in properties.get("Policies", []):
                yield name, policy["PolicyDocument"]
        elif resource["Type"] == "AWS::IAM::RolePolicy":
            yield name, properties["PolicyDocument"]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        sam = built(yaml_parse(file.read()))
    # Without credentials nobody can be asked for managed policies, or for what is switched on.
    template = Translator(MANAGED, Parser()).translate(sam, {})
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(template, file, indent=1)
    read, findings = 0, []
    for name, document in policies(template):
        read += 1
        analysed = parliament.analyze_policy_string(json.dumps(resolved(template, document)))
        findings += [f"{name}: {finding.issue} {finding.detail or finding.location}" for finding in analysed.findings]
    print(json.dumps({"policies": read, "findings": findings}))


main()
