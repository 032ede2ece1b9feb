# The nightly job: extract, transform and load in one go, straight into the bucket, without any orchestration server.
resource "google_cloud_run_v2_job" "etl" {
  name                = "tidemill-etl"
  location            = var.region
  deletion_protection = false
  labels              = local.labels

  template {
    task_count = 1
    template {
      service_account = google_service_account.etl.email
      max_retries     = 1
      timeout         = "${var.job_timeout_seconds}s"
      containers {
        image = local.image
        args  = ["run", var.recipe, "--store", local.store]
        resources {
          limits = {
            cpu    = var.job_cpu
            memory = var.job_memory
          }
        }
        dynamic "env" {
          for_each = var.environment
          content {
            name  = env.key
            value = env.value
          }
        }
        dynamic "env" {
          for_each = var.secrets
          content {
            name = env.key
            value_source {
              secret_key_ref {
                secret  = env.value
                version = "latest"
              }
            }
          }
        }
      }
    }
  }

  depends_on = [google_storage_bucket_iam_member.writers, google_secret_manager_secret_iam_member.etl]
}

resource "google_cloud_run_v2_job_iam_member" "scheduler" {
  count    = var.schedule != null ? 1 : 0
  name     = google_cloud_run_v2_job.etl.name
  location = google_cloud_run_v2_job.etl.location
  role     = "roles/run.invoker"
  member   = "serviceAccount:${google_service_account.scheduler[0].email}"
}

resource "google_cloud_scheduler_job" "nightly" {
  count            = var.schedule != null ? 1 : 0
  name             = "tidemill-nightly"
  region           = var.region
  schedule         = var.schedule
  time_zone        = var.time_zone
  attempt_deadline = "60s"

  retry_config {
    retry_count          = 3
    min_backoff_duration = "30s"
  }

  http_target {
    http_method = "POST"
    uri         = "https://run.googleapis.com/v2/${google_cloud_run_v2_job.etl.id}:run"
    oauth_token {
      service_account_email = google_service_account.scheduler[0].email
    }
  }

  depends_on = [google_cloud_run_v2_job_iam_member.scheduler]
}

# The data API as a service that sleeps when nobody asks.
resource "google_cloud_run_v2_service" "api" {
  count               = var.api ? 1 : 0
  name                = "tidemill-api"
  location            = var.region
  deletion_protection = false
  ingress             = "INGRESS_TRAFFIC_ALL"
  labels              = local.labels

  template {
    service_account                  = google_service_account.api[0].email
    max_instance_request_concurrency = 200
    timeout                          = "60s"
    scaling {
      min_instance_count = var.api_min_instances
      max_instance_count = var.api_max_instances
    }
    containers {
      image = local.image
      args  = ["serve", local.store, "--poll", "60"]
      ports {
        container_port = 8000
      }
      resources {
        limits = {
          cpu    = "1"
          memory = var.api_memory
        }
        cpu_idle          = true
        startup_cpu_boost = true
      }
      startup_probe {
        initial_delay_seconds = 0
        period_seconds        = 2
        timeout_seconds       = 2
        failure_threshold     = 30
        http_get {
          path = "/readyz"
        }
      }
      liveness_probe {
        period_seconds = 30
        http_get {
          path = "/healthz"
        }
      }
    }
  }

  depends_on = [google_storage_bucket_iam_member.api]
}

resource "google_cloud_run_v2_service_iam_member" "callers" {
  for_each = var.api ? toset(var.api_callers) : toset([])
  name     = google_cloud_run_v2_service.api[0].name
  location = google_cloud_run_v2_service.api[0].location
  role     = "roles/run.invoker"
  member   = each.value
}
