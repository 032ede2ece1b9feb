# One small machine that runs orchestration server, agent and data API as one container, its state on a disk of its
# own. Nothing is open to the internet: the pages are reached through Google's tunnel (output `tunnel`). It needs no key
# file: its service account answers through the metadata server.

resource "google_compute_network" "vm" {
  count                   = var.vm != null ? 1 : 0
  name                    = "tidemill"
  auto_create_subnetworks = false
  depends_on              = [google_project_service.needed]
}

resource "google_compute_subnetwork" "vm" {
  #checkov:skip=CKV_GCP_26:one machine that nobody but its owner reaches; flow logs would cost more than it
  #checkov:skip=CKV_GCP_76:the network has no IPv6 range
  count                    = var.vm != null ? 1 : 0
  name                     = "tidemill"
  network                  = google_compute_network.vm[0].id
  region                   = var.region
  ip_cidr_range            = "10.80.0.0/24"
  private_ip_google_access = true
}

# Google's tunnel (Identity-Aware Proxy) comes from this range and lets in only who may by IAM.
resource "google_compute_firewall" "tunnel" {
  count         = var.vm != null ? 1 : 0
  name          = "tidemill-tunnel"
  network       = google_compute_network.vm[0].id
  direction     = "INGRESS"
  source_ranges = ["35.235.240.0/20"]
  target_tags   = ["tidemill"]
  allow {
    protocol = "tcp"
    ports    = ["22"]
  }
}

resource "google_compute_disk" "state" {
  #checkov:skip=CKV_GCP_37:encrypted with Google's own keys; a key of your own would have to be at hand at each start
  count  = var.vm != null ? 1 : 0
  name   = "tidemill-state"
  type   = "pd-balanced"
  zone   = var.vm.zone
  size   = var.vm.disk_gb
  labels = local.labels
  lifecycle {
    prevent_destroy = true
  }
}

resource "google_compute_instance" "vm" {
  #checkov:skip=CKV_GCP_38:encrypted with Google's own keys, as the state's disk
  #checkov:skip=CKV_GCP_40:it downloads from publishers; a NAT gateway instead of an address costs five times the machine
  count                     = var.vm != null ? 1 : 0
  name                      = "tidemill"
  machine_type              = var.vm.machine_type
  zone                      = var.vm.zone
  tags                      = ["tidemill"]
  labels                    = local.labels
  allow_stopping_for_update = true

  boot_disk {
    initialize_params {
      image = "projects/cos-cloud/global/images/family/cos-stable"
      size  = 10
    }
  }

  attached_disk {
    source      = google_compute_disk.state[0].id
    device_name = "tidemill-state"
  }

  network_interface {
    subnetwork = google_compute_subnetwork.vm[0].id
    access_config {}
  }

  service_account {
    email  = google_service_account.agent[0].email
    scopes = ["cloud-platform"]
  }

  shielded_instance_config {
    enable_secure_boot          = true
    enable_vtpm                 = true
    enable_integrity_monitoring = true
  }

  metadata = {
    block-project-ssh-keys = "true"
    enable-oslogin         = "true"
    user-data = templatefile("${path.module}/vm.yaml.tftpl", {
      image    = local.image
      registry = "${var.region}-docker.pkg.dev"
      store    = local.store
    })
  }

  depends_on = [google_storage_bucket_iam_member.writers, google_artifact_registry_repository_iam_member.vm]
}
