variable "project" {
  description = "Id of the Google project that everything is made in; it has to exist and to have billing."
  type        = string
  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "A project id has 6 to 30 lower-case letters, digits and hyphens and begins with a letter."
  }
}

variable "region" {
  description = "Where jobs, services and images are: one of Cloud Run's regions."
  type        = string
  default     = "europe-west2"
  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "A region reads like europe-west2."
  }
}

variable "location" {
  description = "Where the bucket and BigQuery's dataset are: a region, best the same one, or EU or US."
  type        = string
  default     = "EUROPE-WEST2"
}

variable "bucket" {
  description = "Name of the bucket with the store; it must be free in all of Google Cloud."
  type        = string
  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9_.-]{1,61}[a-z0-9]$", var.bucket)) && !startswith(var.bucket, "goog")
    error_message = "A bucket has 3 to 63 lower-case letters, digits, hyphens, dots and underscores and does not begin with goog."
  }
}

variable "store_path" {
  description = "Folder of the store in the bucket."
  type        = string
  default     = "store"
  validation {
    condition     = length(trim(var.store_path, "/")) > 0 && !strcontains(var.store_path, "..")
    error_message = "A folder in the bucket, as store or statistics/ons."
  }
}

variable "soft_delete_days" {
  description = "Days for which deleted objects can be brought back; 0, or 7 to 90."
  type        = number
  default     = 7
  validation {
    condition     = var.soft_delete_days == 0 || (var.soft_delete_days >= 7 && var.soft_delete_days <= 90)
    error_message = "0, or 7 to 90 days."
  }
}

variable "repository" {
  description = "Name of the repository of images in Artifact Registry."
  type        = string
  default     = "tidemill"
  validation {
    condition     = can(regex("^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$", var.repository))
    error_message = "Lower-case letters, digits and hyphens, a letter first."
  }
}

variable "image" {
  description = "The image that jobs and services run; null: tidemill:latest of the repository. Pin a digest (…@sha256:…) for what must not change by itself."
  type        = string
  default     = null
}

variable "pushers" {
  description = "Who may push images, as user:jane@example.org or serviceAccount:…; nobody needs to be named who owns the project."
  type        = list(string)
  default     = []
  validation {
    condition     = alltrue([for who in var.pushers : can(regex("^(user|group|serviceAccount|principal|principalSet):.+", who))])
    error_message = "Each as user:…, group:…, serviceAccount:…, principal:… or principalSet:…."
  }
}

variable "recipe" {
  description = "What the nightly job runs: a recipe in the image."
  type        = string
  default     = "recipes/ons/deaths-monthly.toml"
  validation {
    condition     = endswith(var.recipe, ".toml")
    error_message = "The file of a recipe (.toml), from /opt/tidemill in the image."
  }
}

variable "schedule" {
  description = "When the job runs, as cron; null: only by hand."
  type        = string
  default     = "0 3 * * *"
  validation {
    condition     = var.schedule == null || length(split(" ", coalesce(var.schedule, "- - - - -"))) == 5
    error_message = "Five fields of cron, as 0 3 * * *."
  }
}

variable "time_zone" {
  description = "In which zone the schedule is read."
  type        = string
  default     = "Europe/London"
}

variable "job_cpu" {
  description = "CPUs of the job."
  type        = string
  default     = "1"
  validation {
    condition     = contains(["1", "2", "4", "6", "8"], var.job_cpu)
    error_message = "Cloud Run knows 1, 2, 4, 6 and 8."
  }
}

variable "job_memory" {
  description = "Memory of the job."
  type        = string
  default     = "1Gi"
  validation {
    condition     = can(regex("^[0-9]+(Mi|Gi|M|G)$", var.job_memory))
    error_message = "As 512Mi or 1Gi."
  }
}

variable "job_timeout_seconds" {
  description = "After how many seconds a run is ended."
  type        = number
  default     = 1800
  validation {
    condition     = var.job_timeout_seconds >= 60 && var.job_timeout_seconds <= 86400
    error_message = "60 to 86400 seconds."
  }
}

variable "environment" {
  description = "Environment of the job, for what is no secret: PREFECT_API_URL, TIDEMILL_CONTACT, …"
  type        = map(string)
  default     = {}
}

variable "secrets" {
  description = "Environment of the job from Secret Manager: variable = name of the secret. The secrets are made by hand, so that their values are in no state of Terraform."
  type        = map(string)
  default     = {}
}

variable "api" {
  description = "Whether the data API runs as a Cloud Run service. It needs a store with at least one published dataset."
  type        = bool
  default     = false
}

variable "api_callers" {
  description = "Who may call the data API: allUsers opens it to the world."
  type        = list(string)
  default     = []
}

variable "api_memory" {
  description = "Memory of an instance of the data API; the datasets are in it."
  type        = string
  default     = "512Mi"
  validation {
    condition     = can(regex("^[0-9]+(Mi|Gi|M|G)$", var.api_memory))
    error_message = "As 512Mi or 1Gi."
  }
}

variable "api_min_instances" {
  description = "Instances that always run; 0 costs nothing while nobody asks."
  type        = number
  default     = 0
}

variable "api_max_instances" {
  description = "Most instances, and so most cost."
  type        = number
  default     = 2
  validation {
    condition     = var.api_max_instances >= 1 && var.api_max_instances <= 100
    error_message = "1 to 100."
  }
}

variable "agent" {
  description = "Whether to make the account of an agent that runs elsewhere and hands its flow runs to Cloud Run."
  type        = bool
  default     = false
}

variable "vm" {
  description = "A virtual machine with orchestration server, agent and data API; null: none."
  type = object({
    zone         = string
    machine_type = optional(string, "e2-small")
    disk_gb      = optional(number, 20)
  })
  default = null
  validation {
    condition     = var.vm == null || can(regex("^[a-z]+-[a-z]+[0-9]+-[a-z]$", var.vm.zone))
    error_message = "vm.zone reads like europe-west2-b."
  }
}

variable "bigquery" {
  description = "Whether the datasets appear as tables in BigQuery."
  type        = bool
  default     = false
}

variable "tables" {
  description = "Which datasets of the store appear in BigQuery."
  type        = list(string)
  default     = ["deaths_monthly"]
}

variable "labels" {
  description = "Further labels of all that can carry them, for the bill."
  type        = map(string)
  default     = {}
}
