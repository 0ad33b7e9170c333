namespace Slipway.Model.Serving;

/// <summary>What a template says about every instance made from it. Also the shape of a Job's pod template.</summary>
public sealed record TemplateSpec
{
    public int? ContainerConcurrency { get; set; }

    public int? TimeoutSeconds { get; set; }

    public int? ResponseStartTimeoutSeconds { get; set; }

    public int? IdleTimeoutSeconds { get; set; }

    public List<Container> Containers { get; set; } = [];

    public List<Volume>? Volumes { get; set; }

    public string? ServiceAccountName { get; set; }

    public bool? EnableServiceLinks { get; set; }

    public bool? AutomountServiceAccountToken { get; set; }

    /// <summary>Jobs only: <c>Never</c> or <c>OnFailure</c>.</summary>
    public string? RestartPolicy { get; set; }

    public long? TerminationGracePeriodSeconds { get; set; }
}

public sealed record Template
{
    public TemplateMetadata? Metadata { get; set; }

    public TemplateSpec Spec { get; set; } = new();
}

public sealed record TemplateMetadata
{
    public string? Name { get; set; }

    public Dictionary<string, string>? Labels { get; set; }

    public Dictionary<string, string>? Annotations { get; set; }
}

public sealed record Container
{
    public string Name { get; set; } = "";

    public string Image { get; set; } = "";

    public string? ImagePullPolicy { get; set; }

    public List<string>? Command { get; set; }

    public List<string>? Args { get; set; }

    public string? WorkingDir { get; set; }

    public List<EnvironmentVariable>? Env { get; set; }

    public List<EnvironmentSource>? EnvFrom { get; set; }

    public List<ContainerPort>? Ports { get; set; }

    public ResourceRequirements? Resources { get; set; }

    public Probe? ReadinessProbe { get; set; }

    public Probe? LivenessProbe { get; set; }

    public Probe? StartupProbe { get; set; }

    public SecurityContext? SecurityContext { get; set; }

    public string? TerminationMessagePath { get; set; }

    public string? TerminationMessagePolicy { get; set; }

    public List<VolumeMount>? VolumeMounts { get; set; }
}

public sealed record EnvironmentVariable
{
    public string Name { get; set; } = "";

    public string? Value { get; set; }

    public EnvironmentValueSource? ValueFrom { get; set; }
}

public sealed record EnvironmentValueSource
{
    public KeyReference? SecretKeyRef { get; set; }

    public KeyReference? ConfigMapKeyRef { get; set; }
}

public sealed record KeyReference
{
    public string Name { get; set; } = "";

    public string Key { get; set; } = "";

    public bool? Optional { get; set; }
}

public sealed record EnvironmentSource
{
    public string? Prefix { get; set; }

    public SourceReference? ConfigMapRef { get; set; }

    public SourceReference? SecretRef { get; set; }
}

public sealed record SourceReference
{
    public string Name { get; set; } = "";

    public bool? Optional { get; set; }
}

public sealed record ContainerPort
{
    public string? Name { get; set; }

    [System.Text.Json.Serialization.JsonPropertyName("containerPort")]
    public int? Number { get; set; }

    public string? Protocol { get; set; }
}

public sealed record ResourceRequirements
{
    /// <summary>Kubernetes quantities as text: <c>"500m"</c>, <c>"256Mi"</c>.</summary>
    public Dictionary<string, string>? Limits { get; set; }

    public Dictionary<string, string>? Requests { get; set; }
}

public sealed record SecurityContext
{
    public long? RunAsUser { get; set; }

    public long? RunAsGroup { get; set; }

    public bool? RunAsNonRoot { get; set; }

    public bool? ReadOnlyRootFilesystem { get; set; }

    public bool? AllowPrivilegeEscalation { get; set; }
}

public sealed record Probe
{
    public HttpGetAction? HttpGet { get; set; }

    public TcpSocketAction? TcpSocket { get; set; }

    public ExecAction? Exec { get; set; }

    public GrpcAction? Grpc { get; set; }

    public int? InitialDelaySeconds { get; set; }

    public int? PeriodSeconds { get; set; }

    public int? TimeoutSeconds { get; set; }

    public int? SuccessThreshold { get; set; }

    public int? FailureThreshold { get; set; }
}

public sealed record HttpGetAction
{
    public string? Path { get; set; }

    /// <summary>A number, a port name, or 0 for the serving port; kept as text.</summary>
    [System.Text.Json.Serialization.JsonConverter(typeof(Resources.PortConverter))]
    public string? Port { get; set; }

    public string? Host { get; set; }

    public string? Scheme { get; set; }

    public List<HttpHeader>? HttpHeaders { get; set; }
}

public sealed record HttpHeader
{
    public string Name { get; set; } = "";

    public string Value { get; set; } = "";
}

public sealed record TcpSocketAction
{
    [System.Text.Json.Serialization.JsonConverter(typeof(Resources.PortConverter))]
    public string? Port { get; set; }

    public string? Host { get; set; }
}

public sealed record ExecAction
{
    public List<string>? Command { get; set; }
}

public sealed record GrpcAction
{
    [System.Text.Json.Serialization.JsonConverter(typeof(Resources.PortConverter))]
    public string? Port { get; set; }

    public string? Service { get; set; }
}

public sealed record VolumeMount
{
    public string Name { get; set; } = "";

    public string MountPath { get; set; } = "";

    public string? SubPath { get; set; }

    public bool? ReadOnly { get; set; }
}

public sealed record Volume
{
    public string Name { get; set; } = "";

    public SecretVolume? Secret { get; set; }

    public ConfigMapVolume? ConfigMap { get; set; }

    public ProjectedVolume? Projected { get; set; }

    public EmptyDirVolume? EmptyDir { get; set; }
}

public sealed record SecretVolume
{
    public string? SecretName { get; set; }

    public List<KeyToPath>? Items { get; set; }

    public int? DefaultMode { get; set; }

    public bool? Optional { get; set; }
}

public sealed record ConfigMapVolume
{
    public string? Name { get; set; }

    public List<KeyToPath>? Items { get; set; }

    public int? DefaultMode { get; set; }

    public bool? Optional { get; set; }
}

public sealed record KeyToPath
{
    public string Key { get; set; } = "";

    public string Path { get; set; } = "";

    public int? Mode { get; set; }
}

public sealed record ProjectedVolume
{
    public List<ProjectedSource>? Sources { get; set; }

    public int? DefaultMode { get; set; }
}

public sealed record ProjectedSource
{
    /// <summary>In a projection the name field of a secret is <c>name</c>, as for a config map.</summary>
    public ConfigMapVolume? Secret { get; set; }

    public ConfigMapVolume? ConfigMap { get; set; }

    public ServiceAccountTokenSource? ServiceAccountToken { get; set; }
}

public sealed record ServiceAccountTokenSource
{
    public string? Audience { get; set; }

    public long? ExpirationSeconds { get; set; }

    public string Path { get; set; } = "";
}

public sealed record EmptyDirVolume
{
    public string? Medium { get; set; }

    public string? SizeLimit { get; set; }
}
