//! What Istio's API refuses in a policy: `pkg/config/validation/validation.go` (`ValidateAuthorizationPolicy`) and
//! `pkg/config/security/security.go` at 1.28.1.
