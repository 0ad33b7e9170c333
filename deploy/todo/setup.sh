#!/bin/sh
# Makes the Google Cloud project that terraform/ builds in. Every step may be repeated.
set -eu

project=${PROJECT:-todo-app-project}
billing=${BILLING:?"set BILLING to the billing account, such as 000000-000000-000000"}

gcloud projects describe "$project" >/dev/null 2>&1 || gcloud projects create "$project"
gcloud config set project "$project"
gcloud billing projects link "$project" --billing-account "$billing"

# The first three run the cluster, the machine and the builds; the others belong to the functions, the registry and their accounts.
gcloud services enable \
  container.googleapis.com compute.googleapis.com cloudbuild.googleapis.com \
  artifactregistry.googleapis.com cloudfunctions.googleapis.com cloudscheduler.googleapis.com run.googleapis.com \
  secretmanager.googleapis.com language.googleapis.com
