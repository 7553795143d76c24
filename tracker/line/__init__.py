"""What people send to the official LINE account: taken in by the webhook, worked off by a worker."""
