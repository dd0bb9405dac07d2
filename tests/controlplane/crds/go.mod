module kubectl-mesh.test/controlplane/crds

go 1.24.0

require (
	istio.io/api v1.28.0
	sigs.k8s.io/gateway-api v1.3.0
)
