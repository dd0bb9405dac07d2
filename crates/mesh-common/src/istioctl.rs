//! istioctl.
