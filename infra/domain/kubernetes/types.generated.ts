// Written by scripts/kubernetes-schema/generate.ts from the Go modules
//   k8s.io/kubernetes v1.30.14
//   k8s.io/kubernetes v1.31.14
//   k8s.io/kubernetes v1.32.13
//   k8s.io/kubernetes v1.33.13
//   k8s.io/kubernetes v1.34.4
//   k8s.io/kubernetes v1.35.4
//   k8s.io/kubernetes v1.36.3
//   k8s.io/kubernetes v1.37.2
//   sigs.k8s.io/gateway-api v1.4.1

/** Minor versions of Kubernetes 1 that the types below describe. */
export const minors: readonly number[] = [30, 31, 32, 33, 34, 35, 36, 37];

/** The type of each kind, by `apiVersion/kind`. */
export const kinds: Readonly<Record<string, string>> = {
  "v1/Namespace": "Namespace",
  "v1/ResourceQuota": "ResourceQuota",
  "v1/LimitRange": "LimitRange",
  "v1/ServiceAccount": "ServiceAccount",
  "v1/ConfigMap": "ConfigMap",
  "v1/Secret": "Secret",
  "v1/Service": "Service",
  "apps/v1/Deployment": "Deployment",
  "batch/v1/Job": "Job",
  "policy/v1/PodDisruptionBudget": "PodDisruptionBudget",
  "autoscaling/v2/HorizontalPodAutoscaler": "HorizontalPodAutoscaler",
  "networking.k8s.io/v1/NetworkPolicy": "NetworkPolicy",
  "networking.k8s.io/v1/Ingress": "Ingress",
  "gateway.networking.k8s.io/v1/HTTPRoute": "HTTPRoute",
};

/** Fields of each type, as `name!@since-until:type`. */
export const types: Readonly<Record<string, string>> = {
  AWSElasticBlockStoreVolumeSource:
    "fsType:string partition:integer readOnly:boolean volumeID!:string",
  Affinity: "nodeAffinity:NodeAffinity podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity",
  AppArmorProfile: "localhostProfile:string type!:(Localhost|RuntimeDefault|Unconfined)",
  AzureDiskVolumeSource:
    "cachingMode:(None|ReadOnly|ReadWrite) diskName!:string diskURI!:string fsType:string kind:(Dedicated|Managed|Shared) readOnly:boolean",
  AzureFileVolumeSource: "readOnly:boolean secretName!:string shareName!:string",
  CSIVolumeSource:
    "driver!:string fsType:string nodePublishSecretRef:LocalObjectReference readOnly:boolean volumeAttributes:{}string",
  Capabilities: "add:[]string drop:[]string",
  CephFSVolumeSource:
    "monitors!:[]string path:string readOnly:boolean secretFile:string secretRef:LocalObjectReference user:string",
  CinderVolumeSource:
    "fsType:string readOnly:boolean secretRef:LocalObjectReference volumeID!:string",
  ClaimSource: "resourceClaimName@-30:string resourceClaimTemplateName@-30:string",
  ClientIPConfig: "timeoutSeconds:integer",
  ClusterTrustBundleProjection:
    "labelSelector:LabelSelector name:string optional:boolean path!:string signerName:string user@37:integer",
  ConfigMap:
    "apiVersion:string binaryData:{}string data:{}string immutable:boolean kind:string metadata:ObjectMeta",
  ConfigMapEnvSource: "name!:string optional:boolean",
  ConfigMapKeySelector: "key!:string name:string optional:boolean",
  ConfigMapProjection: "items:[]KeyToPath name:string optional:boolean",
  ConfigMapVolumeSource:
    "defaultMode:integer defaultUser@37:integer items:[]KeyToPath name:string optional:boolean",
  Container:
    "args:[]string command:[]string env:[]EnvVar envFrom:[]EnvFromSource image!:string imagePullPolicy:(Always|IfNotPresent|Never) lifecycle:Lifecycle livenessProbe:Probe name!:string ports:[]ContainerPort readinessProbe:Probe resizePolicy:[]ContainerResizePolicy resources:ResourceRequirements restartPolicy:string restartPolicyRules@34:[]ContainerRestartRule securityContext:SecurityContext startupProbe:Probe stdin:boolean stdinOnce:boolean terminationMessagePath:string terminationMessagePolicy:(FallbackToLogsOnError|File) tty:boolean volumeDevices:[]VolumeDevice volumeMounts:[]VolumeMount workingDir:string",
  ContainerPort:
    "containerPort!:integer hostIP:string hostPort:integer name:string protocol:(SCTP|TCP|UDP)",
  ContainerResizePolicy: "resourceName!:string restartPolicy!:string",
  ContainerResourceMetricSource: "container!:string name!:string target!:MetricTarget",
  ContainerRestartRule: "action!@34:string exitCodes@34:ContainerRestartRuleOnExitCodes",
  ContainerRestartRuleOnExitCodes: "operator!@34:string values@34:[]integer",
  CrossVersionObjectReference: "apiVersion:string kind!:string name!:string",
  Deployment: "apiVersion:string kind:string metadata:ObjectMeta spec:DeploymentSpec status:any",
  DeploymentSpec:
    "minReadySeconds:integer paused:boolean progressDeadlineSeconds:integer replicas:integer revisionHistoryLimit:integer selector!:LabelSelector strategy:DeploymentStrategy template!:PodTemplateSpec",
  DeploymentStrategy: "rollingUpdate:RollingUpdateDeployment type:(Recreate|RollingUpdate)",
  DownwardAPIProjection: "items:[]DownwardAPIVolumeFile",
  DownwardAPIVolumeFile:
    "fieldRef:ObjectFieldSelector mode:integer path!:string resourceFieldRef:ResourceFieldSelector user@37:integer",
  DownwardAPIVolumeSource:
    "defaultMode:integer defaultUser@37:integer items:[]DownwardAPIVolumeFile",
  EmptyDirVolumeSource: "medium:string mode@37:integer sizeLimit:quantity",
  EnvFromSource: "configMapRef:ConfigMapEnvSource prefix:string secretRef:SecretEnvSource",
  EnvVar: "name!:string value:string valueFrom:EnvVarSource",
  EnvVarSource:
    "configMapKeyRef:ConfigMapKeySelector fieldRef:ObjectFieldSelector fileKeyRef@34:FileKeySelector resourceFieldRef:ResourceFieldSelector secretKeyRef:SecretKeySelector",
  EphemeralContainer:
    "args:[]string command:[]string env:[]EnvVar envFrom:[]EnvFromSource image:string imagePullPolicy:(Always|IfNotPresent|Never) lifecycle:Lifecycle livenessProbe:Probe name!:string ports:[]ContainerPort readinessProbe:Probe resizePolicy:[]ContainerResizePolicy resources:ResourceRequirements restartPolicy:string restartPolicyRules@34:[]ContainerRestartRule securityContext:SecurityContext startupProbe:Probe stdin:boolean stdinOnce:boolean targetContainerName:string terminationMessagePath:string terminationMessagePolicy:(FallbackToLogsOnError|File) tty:boolean volumeDevices:[]VolumeDevice volumeMounts:[]VolumeMount workingDir:string",
  EphemeralVolumeSource: "volumeClaimTemplate:PersistentVolumeClaimTemplate",
  EvictionResponder: "name!@37:string priority!@37:integer",
  ExecAction: "command:[]string",
  ExternalMetricSource: "metric!:MetricIdentifier target!:MetricTarget",
  FCVolumeSource: "fsType:string lun:integer readOnly:boolean targetWWNs:[]string wwids:[]string",
  FileKeySelector: "key!@34:string optional@34:boolean path!@34:string volumeName!@34:string",
  FlexVolumeSource:
    "driver!:string fsType:string options:{}string readOnly:boolean secretRef:LocalObjectReference",
  FlockerVolumeSource: "datasetName:string datasetUUID:string",
  GCEPersistentDiskVolumeSource: "fsType:string partition:integer pdName!:string readOnly:boolean",
  GRPCAction: "mode@37:(Plaintext|TLS) port!:integer service:string",
  GitRepoVolumeSource: "directory:string repository!:string revision:string",
  GlusterfsVolumeSource: "endpoints!:string path!:string readOnly:boolean",
  HPAScalingPolicy: "periodSeconds!:integer type!:(Percent|Pods) value!:integer",
  HPAScalingRules:
    "policies:[]HPAScalingPolicy selectPolicy:string stabilizationWindowSeconds:integer tolerance@33:quantity",
  HTTPGetAction:
    "host:string httpHeaders:[]HTTPHeader path:string port!:intOrString protocol@37:(HTTP1|HTTP2) scheme:(HTTP|HTTPS)",
  HTTPHeader: "name!:string value!:string",
  HTTPIngressPath:
    "backend!:IngressBackend path:string pathType!:(Exact|ImplementationSpecific|Prefix)",
  HTTPIngressRuleValue: "paths!:[]HTTPIngressPath",
  HTTPRoute: "apiVersion:string kind:string metadata:ObjectMeta spec!:HTTPRouteSpec status:any",
  HTTPRouteSpec:
    "hostnames:[]string parentRefs:[]HTTPRouteSpecParentRefs rules:[]HTTPRouteSpecRules",
  HTTPRouteSpecParentRefs:
    "group:string kind:string name!:string namespace:string port:integer sectionName:string",
  HTTPRouteSpecRules:
    "backendRefs:[]HTTPRouteSpecRulesBackendRefs filters:[]HTTPRouteSpecRulesFilters matches:[]HTTPRouteSpecRulesMatches name:string timeouts:HTTPRouteSpecRulesTimeouts",
  HTTPRouteSpecRulesBackendRefs:
    "filters:[]HTTPRouteSpecRulesBackendRefsFilters group:string kind:string name!:string namespace:string port:integer weight:integer",
  HTTPRouteSpecRulesBackendRefsFilters:
    "extensionRef:HTTPRouteSpecRulesBackendRefsFiltersExtensionRef requestHeaderModifier:HTTPRouteSpecRulesBackendRefsFiltersRequestHeaderModifier requestMirror:HTTPRouteSpecRulesBackendRefsFiltersRequestMirror requestRedirect:HTTPRouteSpecRulesBackendRefsFiltersRequestRedirect responseHeaderModifier:HTTPRouteSpecRulesBackendRefsFiltersResponseHeaderModifier type!:(ExtensionRef|RequestHeaderModifier|RequestMirror|RequestRedirect|ResponseHeaderModifier|URLRewrite) urlRewrite:HTTPRouteSpecRulesBackendRefsFiltersUrlRewrite",
  HTTPRouteSpecRulesBackendRefsFiltersExtensionRef: "group!:string kind!:string name!:string",
  HTTPRouteSpecRulesBackendRefsFiltersRequestHeaderModifier:
    "add:[]HTTPRouteSpecRulesBackendRefsFiltersRequestHeaderModifierAdd remove:[]string set:[]HTTPRouteSpecRulesBackendRefsFiltersRequestHeaderModifierSet",
  HTTPRouteSpecRulesBackendRefsFiltersRequestHeaderModifierAdd: "name!:string value!:string",
  HTTPRouteSpecRulesBackendRefsFiltersRequestHeaderModifierSet: "name!:string value!:string",
  HTTPRouteSpecRulesBackendRefsFiltersRequestMirror:
    "backendRef!:HTTPRouteSpecRulesBackendRefsFiltersRequestMirrorBackendRef fraction:HTTPRouteSpecRulesBackendRefsFiltersRequestMirrorFraction percent:integer",
  HTTPRouteSpecRulesBackendRefsFiltersRequestMirrorBackendRef:
    "group:string kind:string name!:string namespace:string port:integer",
  HTTPRouteSpecRulesBackendRefsFiltersRequestMirrorFraction:
    "denominator:integer numerator!:integer",
  HTTPRouteSpecRulesBackendRefsFiltersRequestRedirect:
    "hostname:string path:HTTPRouteSpecRulesBackendRefsFiltersRequestRedirectPath port:integer scheme:(http|https) statusCode:(301|302)",
  HTTPRouteSpecRulesBackendRefsFiltersRequestRedirectPath:
    "replaceFullPath:string replacePrefixMatch:string type!:(ReplaceFullPath|ReplacePrefixMatch)",
  HTTPRouteSpecRulesBackendRefsFiltersResponseHeaderModifier:
    "add:[]HTTPRouteSpecRulesBackendRefsFiltersResponseHeaderModifierAdd remove:[]string set:[]HTTPRouteSpecRulesBackendRefsFiltersResponseHeaderModifierSet",
  HTTPRouteSpecRulesBackendRefsFiltersResponseHeaderModifierAdd: "name!:string value!:string",
  HTTPRouteSpecRulesBackendRefsFiltersResponseHeaderModifierSet: "name!:string value!:string",
  HTTPRouteSpecRulesBackendRefsFiltersUrlRewrite:
    "hostname:string path:HTTPRouteSpecRulesBackendRefsFiltersUrlRewritePath",
  HTTPRouteSpecRulesBackendRefsFiltersUrlRewritePath:
    "replaceFullPath:string replacePrefixMatch:string type!:(ReplaceFullPath|ReplacePrefixMatch)",
  HTTPRouteSpecRulesFilters:
    "extensionRef:HTTPRouteSpecRulesFiltersExtensionRef requestHeaderModifier:HTTPRouteSpecRulesFiltersRequestHeaderModifier requestMirror:HTTPRouteSpecRulesFiltersRequestMirror requestRedirect:HTTPRouteSpecRulesFiltersRequestRedirect responseHeaderModifier:HTTPRouteSpecRulesFiltersResponseHeaderModifier type!:(ExtensionRef|RequestHeaderModifier|RequestMirror|RequestRedirect|ResponseHeaderModifier|URLRewrite) urlRewrite:HTTPRouteSpecRulesFiltersUrlRewrite",
  HTTPRouteSpecRulesFiltersExtensionRef: "group!:string kind!:string name!:string",
  HTTPRouteSpecRulesFiltersRequestHeaderModifier:
    "add:[]HTTPRouteSpecRulesFiltersRequestHeaderModifierAdd remove:[]string set:[]HTTPRouteSpecRulesFiltersRequestHeaderModifierSet",
  HTTPRouteSpecRulesFiltersRequestHeaderModifierAdd: "name!:string value!:string",
  HTTPRouteSpecRulesFiltersRequestHeaderModifierSet: "name!:string value!:string",
  HTTPRouteSpecRulesFiltersRequestMirror:
    "backendRef!:HTTPRouteSpecRulesFiltersRequestMirrorBackendRef fraction:HTTPRouteSpecRulesFiltersRequestMirrorFraction percent:integer",
  HTTPRouteSpecRulesFiltersRequestMirrorBackendRef:
    "group:string kind:string name!:string namespace:string port:integer",
  HTTPRouteSpecRulesFiltersRequestMirrorFraction: "denominator:integer numerator!:integer",
  HTTPRouteSpecRulesFiltersRequestRedirect:
    "hostname:string path:HTTPRouteSpecRulesFiltersRequestRedirectPath port:integer scheme:(http|https) statusCode:(301|302)",
  HTTPRouteSpecRulesFiltersRequestRedirectPath:
    "replaceFullPath:string replacePrefixMatch:string type!:(ReplaceFullPath|ReplacePrefixMatch)",
  HTTPRouteSpecRulesFiltersResponseHeaderModifier:
    "add:[]HTTPRouteSpecRulesFiltersResponseHeaderModifierAdd remove:[]string set:[]HTTPRouteSpecRulesFiltersResponseHeaderModifierSet",
  HTTPRouteSpecRulesFiltersResponseHeaderModifierAdd: "name!:string value!:string",
  HTTPRouteSpecRulesFiltersResponseHeaderModifierSet: "name!:string value!:string",
  HTTPRouteSpecRulesFiltersUrlRewrite:
    "hostname:string path:HTTPRouteSpecRulesFiltersUrlRewritePath",
  HTTPRouteSpecRulesFiltersUrlRewritePath:
    "replaceFullPath:string replacePrefixMatch:string type!:(ReplaceFullPath|ReplacePrefixMatch)",
  HTTPRouteSpecRulesMatches:
    "headers:[]HTTPRouteSpecRulesMatchesHeaders method:(CONNECT|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT|TRACE) path:HTTPRouteSpecRulesMatchesPath queryParams:[]HTTPRouteSpecRulesMatchesQueryParams",
  HTTPRouteSpecRulesMatchesHeaders: "name!:string type:(Exact|RegularExpression) value!:string",
  HTTPRouteSpecRulesMatchesPath: "type:(Exact|PathPrefix|RegularExpression) value:string",
  HTTPRouteSpecRulesMatchesQueryParams: "name!:string type:(Exact|RegularExpression) value!:string",
  HTTPRouteSpecRulesTimeouts: "backendRequest:string request:string",
  HTTPRouteStatus: "parents!:[]HTTPRouteStatusParents",
  HTTPRouteStatusParents:
    "conditions!:[]HTTPRouteStatusParentsConditions controllerName!:string parentRef!:HTTPRouteStatusParentsParentRef",
  HTTPRouteStatusParentsConditions:
    "lastTransitionTime!:string message!:string observedGeneration:integer reason!:string status!:any type!:string",
  HTTPRouteStatusParentsParentRef:
    "group:string kind:string name!:string namespace:string port:integer sectionName:string",
  HorizontalPodAutoscaler:
    "apiVersion:string kind:string metadata:ObjectMeta spec:HorizontalPodAutoscalerSpec status:any",
  HorizontalPodAutoscalerBehavior: "scaleDown:HPAScalingRules scaleUp:HPAScalingRules",
  HorizontalPodAutoscalerSpec:
    "behavior:HorizontalPodAutoscalerBehavior maxReplicas!:integer metrics:[]MetricSpec minReplicas:integer scaleTargetRef!:CrossVersionObjectReference",
  HostAlias: "hostnames:[]string ip!:string",
  HostPathVolumeSource: "path!:string type:string",
  IPBlock: "cidr!:string except:[]string",
  ISCSIVolumeSource:
    "chapAuthDiscovery:boolean chapAuthSession:boolean fsType:string initiatorName:string iqn!:string iscsiInterface:string lun!:integer portals:[]string readOnly:boolean secretRef:LocalObjectReference targetPortal!:string",
  ImageVolumeSource: "pullPolicy@31:(Always|IfNotPresent|Never) reference@31:string",
  Ingress: "apiVersion:string kind:string metadata:ObjectMeta spec:IngressSpec status:any",
  IngressBackend: "resource:TypedLocalObjectReference service:IngressServiceBackend",
  IngressRule: "host:string http:HTTPIngressRuleValue",
  IngressServiceBackend: "name!:string port:ServiceBackendPort",
  IngressSpec:
    "defaultBackend:IngressBackend ingressClassName:string rules:[]IngressRule tls:[]IngressTLS",
  IngressTLS: "hosts:[]string secretName:string",
  Job: "apiVersion:string kind:string metadata:ObjectMeta spec:JobSpec status:any",
  JobSchedulingConfiguration:
    "disruptionMode@37:WorkloadPodGroupDisruptionMode resourceClaims@37:[]WorkloadPodGroupResourceClaim schedulingConstraints@37:WorkloadPodGroupSchedulingConstraints schedulingPolicy@37:WorkloadPodGroupSchedulingPolicy",
  JobSpec:
    "activeDeadlineSeconds:integer backoffLimit:integer backoffLimitPerIndex:integer completionMode:(Indexed|NonIndexed) completions:integer managedBy:string manualSelector:boolean maxFailedIndexes:integer parallelism:integer podFailurePolicy:PodFailurePolicy podReplacementPolicy:(Failed|TerminatingOrFailed) scheduling@37:JobSchedulingConfiguration selector:LabelSelector successPolicy:SuccessPolicy suspend:boolean template!:PodTemplateSpec ttlSecondsAfterFinished:integer",
  KeyToPath: "key!:string mode:integer path!:string user@37:integer",
  LabelSelector: "matchExpressions:[]LabelSelectorRequirement matchLabels:{}string",
  LabelSelectorRequirement: "key!:string operator!:string values:[]string",
  Lifecycle: "postStart:LifecycleHandler preStop:LifecycleHandler stopSignal@33:string",
  LifecycleHandler:
    "exec:ExecAction httpGet:HTTPGetAction sleep:SleepAction tcpSocket:TCPSocketAction",
  LimitRange: "apiVersion:string kind:string metadata:ObjectMeta spec:LimitRangeSpec",
  LimitRangeItem:
    "default:{}quantity defaultRequest:{}quantity max:{}quantity maxLimitRequestRatio:{}quantity min:{}quantity type!:string",
  LimitRangeSpec: "limits!:[]LimitRangeItem",
  LocalObjectReference: "name:string",
  MetricIdentifier: "name!:string selector:LabelSelector",
  MetricSpec:
    "containerResource:ContainerResourceMetricSource external:ExternalMetricSource object:ObjectMetricSource pods:PodsMetricSource resource:ResourceMetricSource type!:(ContainerResource|External|Object|Pods|Resource)",
  MetricTarget:
    "averageUtilization:integer averageValue:quantity type!:(AverageValue|Utilization|Value) value:quantity",
  NFSVolumeSource: "path!:string readOnly:boolean server!:string",
  Namespace: "apiVersion:string kind:string metadata:ObjectMeta spec:NamespaceSpec status:any",
  NamespaceSpec: "finalizers:[]string",
  NetworkPolicy: "apiVersion:string kind:string metadata:ObjectMeta spec:NetworkPolicySpec",
  NetworkPolicyEgressRule: "ports:[]NetworkPolicyPort to:[]NetworkPolicyPeer",
  NetworkPolicyIngressRule: "from:[]NetworkPolicyPeer ports:[]NetworkPolicyPort",
  NetworkPolicyPeer: "ipBlock:IPBlock namespaceSelector:LabelSelector podSelector:LabelSelector",
  NetworkPolicyPort: "endPort:integer port:intOrString protocol:(SCTP|TCP|UDP)",
  NetworkPolicySpec:
    "egress:[]NetworkPolicyEgressRule ingress:[]NetworkPolicyIngressRule podSelector:LabelSelector policyTypes:[](Egress|Ingress)",
  NodeAffinity:
    "preferredDuringSchedulingIgnoredDuringExecution:[]PreferredSchedulingTerm requiredDuringSchedulingIgnoredDuringExecution:NodeSelector",
  NodeSelector: "nodeSelectorTerms!:[]NodeSelectorTerm",
  NodeSelectorRequirement:
    "key!:string operator!:(DoesNotExist|Exists|Gt|In|Lt|NotIn) values:[]string",
  NodeSelectorTerm:
    "matchExpressions:[]NodeSelectorRequirement matchFields:[]NodeSelectorRequirement",
  ObjectFieldSelector: "apiVersion:string fieldPath!:string",
  ObjectMeta:
    "annotations:{}string creationTimestamp:time deletionGracePeriodSeconds:integer deletionTimestamp:time finalizers:[]string generateName:string generation:integer labels:{}string managedFields:any name:string namespace:string ownerReferences:any resourceVersion:string selfLink:string uid:string",
  ObjectMetricSource:
    "describedObject!:CrossVersionObjectReference metric!:MetricIdentifier target!:MetricTarget",
  ObjectReference:
    "apiVersion:string fieldPath:string kind:string name:string namespace:string resourceVersion:string uid:string",
  PersistentVolumeClaimSpec:
    "accessModes:[](ReadOnlyMany|ReadWriteMany|ReadWriteOnce|ReadWriteOncePod) dataSource:TypedLocalObjectReference dataSourceRef:TypedObjectReference resources:VolumeResourceRequirements selector:LabelSelector storageClassName:string volumeAttributesClassName:string volumeMode:(Block|Filesystem) volumeName:string",
  PersistentVolumeClaimTemplate: "metadata:ObjectMeta spec!:PersistentVolumeClaimSpec",
  PersistentVolumeClaimVolumeSource: "claimName!:string readOnly:boolean",
  PhotonPersistentDiskVolumeSource: "fsType:string pdID!:string",
  PodAffinity:
    "preferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm requiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm",
  PodAffinityTerm:
    "labelSelector:LabelSelector matchLabelKeys:[]string mismatchLabelKeys:[]string namespaceSelector:LabelSelector namespaces:[]string topologyKey!:string",
  PodAntiAffinity:
    "preferredDuringSchedulingIgnoredDuringExecution:[]WeightedPodAffinityTerm requiredDuringSchedulingIgnoredDuringExecution:[]PodAffinityTerm",
  PodCertificateProjection:
    "certificateChainPath@34:string credentialBundlePath@34:string keyPath@34:string keyType!@34:string maxExpirationSeconds@34:integer signerName!@34:string user@37:integer userAnnotations@35:{}string",
  PodDNSConfig: "nameservers:[]string options:[]PodDNSConfigOption searches:[]string",
  PodDNSConfigOption: "name!:string value:string",
  PodDisruptionBudget:
    "apiVersion:string kind:string metadata:ObjectMeta spec:PodDisruptionBudgetSpec status:any",
  PodDisruptionBudgetSpec:
    "maxUnavailable:intOrString minAvailable:intOrString selector:LabelSelector unhealthyPodEvictionPolicy:(AlwaysAllow|IfHealthyBudget)",
  PodFailurePolicy: "rules!:[]PodFailurePolicyRule",
  PodFailurePolicyOnExitCodesRequirement:
    "containerName:string operator!:(In|NotIn) values!:[]integer",
  PodFailurePolicyOnPodConditionsPattern: "status:any type!:string",
  PodFailurePolicyRule:
    "action!:(Count|FailIndex|FailJob|Ignore) onExitCodes:PodFailurePolicyOnExitCodesRequirement onPodConditions:[]PodFailurePolicyOnPodConditionsPattern",
  PodOS: "name!:string",
  PodReadinessGate: "conditionType!:string",
  PodResourceClaim:
    "name!:string resourceClaimName@31:string resourceClaimTemplateName@31:string source@-30:ClaimSource",
  PodSchedulingGate: "name!:string",
  PodSchedulingGroup: "podGroupName@36:string",
  PodSecurityContext:
    "appArmorProfile:AppArmorProfile fsGroup:integer fsGroupChangePolicy:(Always|OnRootMismatch) runAsGroup:integer runAsNonRoot:boolean runAsUser:integer seLinuxChangePolicy@32:string seLinuxOptions:SELinuxOptions seccompProfile:SeccompProfile supplementalGroups:[]integer supplementalGroupsPolicy@31:(Merge|Strict) sysctls:[]Sysctl windowsOptions:WindowsSecurityContextOptions",
  PodSpec:
    "activeDeadlineSeconds:integer affinity:Affinity automountServiceAccountToken:boolean containers!:[]Container dnsConfig:PodDNSConfig dnsPolicy:(ClusterFirst|ClusterFirstWithHostNet|Default|None) enableServiceLinks:boolean ephemeralContainers:[]EphemeralContainer evictionResponders@37:[]EvictionResponder hostAliases:[]HostAlias hostIPC:boolean hostNetwork:boolean hostPID:boolean hostUsers:boolean hostname:string hostnameOverride@34:string imagePullSecrets:[]LocalObjectReference initContainers:[]Container nodeName:string nodeSelector:{}string os:PodOS overhead:{}quantity preemptionPolicy:(Never|PreemptLowerPriority) priority:integer priorityClassName:string readinessGates:[]PodReadinessGate resourceClaims:[]PodResourceClaim resources@32:ResourceRequirements restartPolicy:(Always|Never|OnFailure) runtimeClassName:string schedulerName:string schedulingGates:[]PodSchedulingGate schedulingGroup@36:PodSchedulingGroup securityContext:PodSecurityContext serviceAccount:string serviceAccountName:string setHostnameAsFQDN:boolean shareProcessNamespace:boolean subdomain:string terminationGracePeriodSeconds:integer tolerations:[]Toleration topologySpreadConstraints:[]TopologySpreadConstraint volumes:[]Volume workloadRef@35-35:WorkloadReference",
  PodTemplateSpec: "metadata:ObjectMeta spec!:PodSpec",
  PodsMetricSource: "metric!:MetricIdentifier target!:MetricTarget",
  PortworxVolumeSource: "fsType:string readOnly:boolean volumeID!:string",
  PreferredSchedulingTerm: "preference!:NodeSelectorTerm weight!:integer",
  Probe:
    "exec:ExecAction failureThreshold:integer grpc:GRPCAction httpGet:HTTPGetAction initialDelaySeconds:integer periodSeconds:integer successThreshold:integer tcpSocket:TCPSocketAction terminationGracePeriodSeconds:integer timeoutSeconds:integer",
  ProjectedVolumeSource: "defaultMode:integer defaultUser@37:integer sources:[]VolumeProjection",
  QuobyteVolumeSource:
    "group:string readOnly:boolean registry!:string tenant:string user:string volume!:string",
  RBDVolumeSource:
    "fsType:string image!:string keyring:string monitors!:[]string pool:string readOnly:boolean secretRef:LocalObjectReference user:string",
  ResourceClaim: "name!:string request@31:string",
  ResourceFieldSelector: "containerName:string divisor:quantity resource!:string",
  ResourceMetricSource: "name!:string target!:MetricTarget",
  ResourceQuota:
    "apiVersion:string kind:string metadata:ObjectMeta spec:ResourceQuotaSpec status:any",
  ResourceQuotaSpec:
    "hard:{}quantity scopeSelector:ScopeSelector scopes:[](BestEffort|CrossNamespacePodAffinity|NotBestEffort|NotTerminating|PriorityClass|Terminating|VolumeAttributesClass)",
  ResourceRequirements: "claims:[]ResourceClaim limits:{}quantity requests:{}quantity",
  RollingUpdateDeployment: "maxSurge:intOrString maxUnavailable:intOrString",
  SELinuxOptions: "level:string role:string type:string user:string",
  ScaleIOVolumeSource:
    "fsType:string gateway!:string protectionDomain:string readOnly:boolean secretRef!:LocalObjectReference sslEnabled:boolean storageMode:string storagePool:string system!:string volumeName:string",
  ScopeSelector: "matchExpressions:[]ScopedResourceSelectorRequirement",
  ScopedResourceSelectorRequirement:
    "operator!:(DoesNotExist|Exists|In|NotIn) scopeName!:(BestEffort|CrossNamespacePodAffinity|NotBestEffort|NotTerminating|PriorityClass|Terminating|VolumeAttributesClass) values:[]string",
  SeccompProfile: "localhostProfile:string type!:(Localhost|RuntimeDefault|Unconfined)",
  Secret:
    "apiVersion:string data:{}string immutable:boolean kind:string metadata:ObjectMeta stringData:{}string type:string",
  SecretEnvSource: "name!:string optional:boolean",
  SecretKeySelector: "key!:string name:string optional:boolean",
  SecretProjection: "items:[]KeyToPath name:string optional:boolean",
  SecretVolumeSource:
    "defaultMode:integer defaultUser@37:integer items:[]KeyToPath optional:boolean secretName!:string",
  SecurityContext:
    "allowPrivilegeEscalation:boolean appArmorProfile:AppArmorProfile capabilities:Capabilities privileged:boolean procMount:(Default|Unmasked) readOnlyRootFilesystem:boolean runAsGroup:integer runAsNonRoot:boolean runAsUser:integer seLinuxOptions:SELinuxOptions seccompProfile:SeccompProfile windowsOptions:WindowsSecurityContextOptions",
  Service: "apiVersion:string kind:string metadata:ObjectMeta spec:ServiceSpec status:any",
  ServiceAccount:
    "apiVersion:string automountServiceAccountToken:boolean imagePullSecrets:[]LocalObjectReference kind:string metadata:ObjectMeta secrets:[]ObjectReference",
  ServiceAccountTokenProjection:
    "audience:string expirationSeconds:integer path!:string user@37:integer",
  ServiceBackendPort: "name:string number:integer",
  ServicePort:
    "appProtocol:string name:string nodePort:integer port!:integer protocol:(SCTP|TCP|UDP) targetPort:intOrString",
  ServiceSpec:
    "allocateLoadBalancerNodePorts:boolean clusterIP:string clusterIPs:[]string externalIPs:[]string externalName:string externalTrafficPolicy:(Cluster|Local) healthCheckNodePort:integer internalTrafficPolicy:(Cluster|Local) ipFamilies:[]string ipFamilyPolicy:(PreferDualStack|RequireDualStack|SingleStack) loadBalancerClass:string loadBalancerIP:string loadBalancerSourceRanges:[]string ports!:[]ServicePort publishNotReadyAddresses:boolean selector:{}string sessionAffinity:(ClientIP|None) sessionAffinityConfig:SessionAffinityConfig trafficDistribution:string type:(ClusterIP|ExternalName|LoadBalancer|NodePort)",
  SessionAffinityConfig: "clientIP:ClientIPConfig",
  SleepAction: "seconds!:integer",
  StorageOSVolumeSource:
    "fsType:string readOnly:boolean secretRef:LocalObjectReference volumeName:string volumeNamespace:string",
  SuccessPolicy: "rules!:[]SuccessPolicyRule",
  SuccessPolicyRule: "succeededCount:integer succeededIndexes:string",
  Sysctl: "name!:string value!:string",
  TCPSocketAction: "host:string port!:intOrString",
  Toleration:
    "effect:(NoExecute|NoSchedule|PreferNoSchedule) key:string operator:(Equal|Exists|Gt|Lt) tolerationSeconds:integer value:string",
  TopologyConstraint: "key!@37:string",
  TopologySpreadConstraint:
    "labelSelector:LabelSelector matchLabelKeys:[]string maxSkew!:integer minDomains:integer nodeAffinityPolicy:(Honor|Ignore) nodeTaintsPolicy:(Honor|Ignore) topologyKey!:string whenUnsatisfiable!:(DoNotSchedule|ScheduleAnyway)",
  TypedLocalObjectReference: "apiGroup:string kind!:string name!:string",
  TypedObjectReference: "apiGroup:string kind!:string name!:string namespace:string",
  Volume:
    "awsElasticBlockStore:AWSElasticBlockStoreVolumeSource azureDisk:AzureDiskVolumeSource azureFile:AzureFileVolumeSource cephfs:CephFSVolumeSource cinder:CinderVolumeSource configMap:ConfigMapVolumeSource csi:CSIVolumeSource downwardAPI:DownwardAPIVolumeSource emptyDir:EmptyDirVolumeSource ephemeral:EphemeralVolumeSource fc:FCVolumeSource flexVolume:FlexVolumeSource flocker:FlockerVolumeSource gcePersistentDisk:GCEPersistentDiskVolumeSource gitRepo:GitRepoVolumeSource glusterfs:GlusterfsVolumeSource hostPath:HostPathVolumeSource image@31:ImageVolumeSource iscsi:ISCSIVolumeSource name!:string nfs:NFSVolumeSource persistentVolumeClaim:PersistentVolumeClaimVolumeSource photonPersistentDisk:PhotonPersistentDiskVolumeSource portworxVolume:PortworxVolumeSource projected:ProjectedVolumeSource quobyte:QuobyteVolumeSource rbd:RBDVolumeSource scaleIO:ScaleIOVolumeSource secret:SecretVolumeSource storageos:StorageOSVolumeSource vsphereVolume:VsphereVirtualDiskVolumeSource",
  VolumeDevice: "devicePath!:string name!:string",
  VolumeMount:
    "bindMountOptions@37:[]string mountPath!:string mountPropagation:(Bidirectional|HostToContainer|None) name!:string readOnly:boolean recursiveReadOnly:string subPath:string subPathExpr:string",
  VolumeProjection:
    "clusterTrustBundle:ClusterTrustBundleProjection configMap:ConfigMapProjection downwardAPI:DownwardAPIProjection podCertificate@34:PodCertificateProjection secret:SecretProjection serviceAccountToken:ServiceAccountTokenProjection",
  VolumeResourceRequirements: "limits:{}quantity requests:{}quantity",
  VsphereVirtualDiskVolumeSource:
    "fsType:string storagePolicyID:string storagePolicyName:string volumePath!:string",
  WeightedPodAffinityTerm: "podAffinityTerm!:PodAffinityTerm weight!:integer",
  WindowsSecurityContextOptions:
    "gmsaCredentialSpec:string gmsaCredentialSpecName:string hostProcess:boolean runAsUserName:string",
  WorkloadPodGroupDisruptionMode: "all@37:any single@37:any",
  WorkloadPodGroupGangSchedulingPolicy: "minCount@37:integer",
  WorkloadPodGroupResourceClaim:
    "name!@37:string resourceClaimName@37:string resourceClaimTemplateName@37:string",
  WorkloadPodGroupSchedulingConstraints: "topology@37:[]TopologyConstraint",
  WorkloadPodGroupSchedulingPolicy: "basic@37:any gang@37:WorkloadPodGroupGangSchedulingPolicy",
  WorkloadReference: "name!@35-35:string podGroup!@35-35:string podGroupReplicaKey@35-35:string",
};
