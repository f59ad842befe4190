"""Sound input to begin with: small templates that use one thing each, and those of a folder that TEMPLATES names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from rehearsal.services.cloudformation.text import parse

ROLE = "arn:aws:iam::123456789012:role/fuzz"


def callers_templates() -> list[Any]:
    folder = os.environ.get("TEMPLATES")
    return [parse(path.read_text()) for path in sorted(Path(folder).glob("*.yaml"))] if folder else []


TOPIC = {"Type": "AWS::SNS::Topic"}
TEMPLATES: list[Any] = [
    {"Resources": {"A": TOPIC, "B": {"Type": "AWS::SNS::Topic", "DependsOn": "A", "Properties": {"TopicName": "b"}}}},
    {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "All that a template can have",
        "Metadata": {"AWS::CloudFormation::Interface": {"ParameterGroups": [{"Label": {"default": "x"}, "Parameters": ["P"]}]}},
        "Parameters": {
            "P": {"Type": "String", "Default": "a", "AllowedValues": ["a", "b"], "AllowedPattern": "[a-z]*", "MinLength": 1,
                  "MaxLength": 9, "NoEcho": True, "ConstraintDescription": "letters", "Description": "p"},
            "N": {"Type": "Number", "Default": 3, "MinValue": 1, "MaxValue": 9},
            "L": {"Type": "CommaDelimitedList", "Default": "a,b"},
            "M": {"Type": "List<Number>", "Default": "1,2"},
        },
        "Mappings": {"Map": {"us-east-1": {"key": "value", "list": ["a", "b"]}}},
        "Conditions": {
            "Yes": {"Fn::Equals": [{"Ref": "P"}, "a"]},
            "No": {"Fn::Not": [{"Condition": "Yes"}]},
            "Both": {"Fn::And": [{"Condition": "Yes"}, {"Fn::Or": [{"Condition": "No"}, {"Fn::Equals": ["a", "a"]}]}]},
        },
        "Rules": {"R": {"RuleCondition": {"Fn::Equals": [{"Ref": "P"}, "a"]},
                        "Assertions": [{"Assert": {"Fn::Contains": [["a"], {"Ref": "P"}]}, "AssertDescription": "must be a"}]}},
        "Resources": {
            "T": {"Type": "AWS::SNS::Topic", "Condition": "Yes", "DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete",
                  "Metadata": {"a": 1}, "Properties": {"DisplayName": {"Fn::Sub": "x-${P}-${AWS::Region}"},
                  "Tags": [{"Key": "k", "Value": {"Fn::If": ["Yes", "v", {"Ref": "AWS::NoValue"}]}}]}},
            "S": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": {"Fn::Join": ["-", [
                  {"Fn::GetAtt": ["T", "TopicName"]}, {"Fn::Select": [0, {"Fn::Split": [",", "a,b"]}]},
                  {"Fn::FindInMap": ["Map", {"Ref": "AWS::Region"}, "key"]}, {"Fn::Base64": "x"}]]}}},
        },
        "Outputs": {"O": {"Condition": "Yes", "Description": "o", "Value": {"Ref": "S"}, "Export": {"Name": {"Fn::Sub": "${AWS::StackName}-o"}}}},
    },
    {
        "Resources": {
            "Role": {"Type": "AWS::IAM::Role", "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal":
                    {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]},
                "Policies": [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": [
                    {"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}}]}},
            "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"VersioningConfiguration": {"Status": "Enabled"}}},
            "Log": {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 7}},
            "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"VisibilityTimeout": "30"}},
        },
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": "Role.Arn"}}},
    },
    {
        "Resources": {
            "V": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value":
                  {"Fn::Join": [",", {"Fn::Cidr": ["10.0.0.0/16", 2, 8]}]}}},
            "W": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value":
                  {"Fn::Sub": ["${A}${B}", {"A": {"Fn::GetAZs": ""}, "B": {"Fn::ImportValue": "x"}}]}}},
            "X": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": "{{resolve:ssm:/a/b:1}}"}},
        },
    },
    {
        "Parameters": {
            "Image": {"Type": "AWS::EC2::Image::Id", "Default": "ami-12345678"},
            "Subnets": {"Type": "List<AWS::EC2::Subnet::Id>", "Default": ""},
            "Key": {"Type": "AWS::EC2::KeyPair::KeyName", "Default": "k"},
            "Zone": {"Type": "AWS::Route53::HostedZone::Id", "Default": "Z1"},
            "Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/fuzz"},
            "StoredList": {"Type": "AWS::SSM::Parameter::Value<List<String>>", "Default": "/fuzz"},
            "StoredImage": {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "Default": "/aws/service/x"},
            "Name": {"Type": "AWS::SSM::Parameter::Name", "Default": "/fuzz"},
            "Letters": {"Type": "String", "AllowedPattern": "^[\\p{L}&&[^x]]*+$", "Default": "", "MaxLength": "9"},
            "Words": {"Type": "CommaDelimitedList", "AllowedValues": ["a", 1, True], "Default": "a"},
            "Count": {"Type": "Number", "MinValue": "-1.5", "Default": "1e0", "NoEcho": "true"},
        },
        "Resources": {"A": {**TOPIC, "CreationPolicy": {"ResourceSignal": {"Count": {"Ref": "Count"}, "Timeout": "PT5M"}},
                      "UpdatePolicy": {"AutoScalingRollingUpdate": {"MinInstancesInService": 1}}, "Properties":
                      {"DisplayName": {"Fn::Join": ["", {"Ref": "Words"}]}, "FifoTopic": "false"}}},
    },
    {
        "Transform": "AWS::LanguageExtensions",
        "Resources": {"J": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value":
                      {"Fn::ToJsonString": {"a": {"Fn::Length": ["x"]}}}}}},
    },
]  # fmt: skip
POLICIES: list[Any] = [
    {"Version": "2012-10-17", "Statement": [{"Sid": "A", "Effect": "Allow", "Action": ["s3:*", "ssm:GetParameter"], "Resource": "*",
     "Condition": {"StringLike": {"aws:PrincipalTag/a": ["x*"]}, "Null": {"aws:TokenIssueTime": "true"}}}]},
    {"Version": "2012-10-17", "Statement": {"Effect": "Deny", "NotAction": "s3:Get?bject", "NotResource": ["arn:aws:s3:::${aws:username}/*"],
     "Condition": {"ForAllValues:StringEquals": {"aws:TagKeys": ["a"]}, "NumericLessThan": {"s3:max-keys": 10},
     "DateGreaterThan": {"aws:CurrentTime": "2020-01-01T00:00:00Z"}, "IpAddress": {"aws:SourceIp": ["10.0.0.0/8"]},
     "Bool": {"aws:SecureTransport": False}, "ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/*"}, "BinaryEquals": {"a:b": "aGk="}}}},
]  # fmt: skip
RESOURCE_POLICY: Any = {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Principal": {"AWS": ["123456789012", ROLE]}, "Action": "*", "Resource": "*"},
    {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-x"}}},
]}  # fmt: skip
TRUST: Any = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": ["ec2.amazonaws.com"], "AWS": "*"},
         "Action": "sts:AssumeRole", "Condition": {"StringEquals": {"sts:ExternalId": "x"}}}]}  # fmt: skip
BUILDSPECS: list[Any] = [
    {
        "version": 0.2,
        "env": {"shell": "bash", "variables": {"A": "b"}, "parameter-store": {"P": "/p"}, "secrets-manager": {"S": "s:k"}, "exported-variables": ["A"]},
        "phases": {
            "install": {"runtime-versions": {"nodejs": 24}, "commands": ["echo"]},
            "pre_build": {"commands": "echo", "finally": ["echo"], "on-failure": "ABORT"},
            "build": {"commands": ["make", "echo a: b"]},
        },
        "reports": {"r": {"files": ["**/*"], "base-directory": "b", "file-format": "JUNITXML"}},
        "artifacts": {"files": ["**/*"], "name": "x", "discard-paths": True, "exclude-paths": "y", "secondary-artifacts": {"one": {"files": "*"}}},
        "cache": {"paths": ["node_modules/**/*"], "key": "k", "fallback-keys": ["f"]},
    }
]  # fmt: skip
