# Everything Tidemill needs in one Google project: terraform init && terraform apply (docs/guide/cloud.md).
# Switches in variables.tf; the defaults make the bucket, the image repository and the nightly job.

terraform {
  required_version = ">= 1.5"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.20"
    }
  }
  # The state names every resource and is yours to keep: on this machine as it stands. To share it, make a bucket with
  # versioning by hand, take the marks away, and run `terraform init -migrate-state`.
  # backend "gcs" {
  #   bucket = "my-terraform-state"
  #   prefix = "tidemill"
  # }
}

provider "google" {
  project = var.project
  region  = var.region
}

locals {
  image  = coalesce(var.image, "${var.region}-docker.pkg.dev/${var.project}/${var.repository}/tidemill:latest")
  store  = "gs://${google_storage_bucket.store.name}/${trim(var.store_path, "/")}"
  labels = merge({ app = "tidemill" }, var.labels)
  services = toset(concat(
    [
      "artifactregistry.googleapis.com",
      "iam.googleapis.com",
      "run.googleapis.com",
      "storage.googleapis.com",
    ],
    var.schedule != null ? ["cloudscheduler.googleapis.com"] : [],
    var.vm != null ? ["compute.googleapis.com", "iap.googleapis.com"] : [],
    var.bigquery ? ["bigquery.googleapis.com", "bigqueryconnection.googleapis.com"] : [],
    length(var.secrets) > 0 ? ["secretmanager.googleapis.com"] : [],
  ))
}

resource "google_project_service" "needed" {
  for_each           = local.services
  service            = each.value
  disable_on_destroy = false
}

# The store: datasets, workbooks as fetched, plain files. Versions of objects are kept, so that nothing that somebody
# overwrites or deletes is lost at once.
resource "google_storage_bucket" "store" {
  #checkov:skip=CKV_GCP_62:who reads public statistics need not be logged; Cloud Audit Logs hold who changed what
  name                        = var.bucket
  location                    = var.location
  storage_class               = "STANDARD"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = false
  labels                      = local.labels

  versioning {
    enabled = true
  }

  soft_delete_policy {
    retention_duration_seconds = var.soft_delete_days * 86400
  }

  # The program never overwrites a commit or a data file: old generations come from reports and exports only.
  lifecycle_rule {
    condition {
      days_since_noncurrent_time = 90
      with_state                 = "ARCHIVED"
    }
    action {
      type = "Delete"
    }
  }

  # Cuts short what an upload left behind that was broken off.
  lifecycle_rule {
    condition {
      age = 7
    }
    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }

  depends_on = [google_project_service.needed]
}

resource "google_artifact_registry_repository" "images" {
  #checkov:skip=CKV_GCP_84:the image holds no secret and is built from public source: Google's own keys do
  repository_id = var.repository
  location      = var.region
  format        = "DOCKER"
  description   = "Images of Tidemill"
  labels        = local.labels

  cleanup_policies {
    id     = "keep-the-last-ten"
    action = "KEEP"
    most_recent_versions {
      keep_count = 10
    }
  }
  cleanup_policies {
    id     = "delete-after-ninety-days"
    action = "DELETE"
    condition {
      older_than = "7776000s"
    }
  }

  depends_on = [google_project_service.needed]
}
