"""E-mail: by SMTP, with links that tick a task off without signing in."""
