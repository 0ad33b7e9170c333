namespace Slipway.Control.Instances;

/// <summary>
/// Where instances send their spans, told in the variables that every OpenTelemetry program reads, so that one which was never made for
/// this platform is seen here as well. What the manifest says counts, wherever in it that is.
/// </summary>
/// <param name="Endpoint">OTLP over HTTP, such as <c>http://127.0.0.1:4318</c>.</param>
public sealed record TelemetrySurroundings(string Endpoint)
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private const string ResourceVariable = "OTEL_RESOURCE_ATTRIBUTES";

    /// <summary>Stands for the id of the instance, which is known only when it starts.</summary>
    private const string InstanceMark = "$(SLIPWAY_INSTANCE)";

    /// <summary>The variables of one instance.</summary>
    internal static IReadOnlyList<KeyValuePair<string, string>> Named(IReadOnlyList<KeyValuePair<string, string>> environment, string instanceId)
    {
        for (var index = 0; index < environment.Count; index++)
        {
            if (environment[index] is { Key: ResourceVariable, Value: var value } && value.Contains(InstanceMark, StringComparison.Ordinal))
            {
                var named = environment.ToArray();
                named[index] = new(ResourceVariable, value.Replace(InstanceMark, instanceId, StringComparison.Ordinal));
                return named;
            }
        }

        return environment;
    }

    /// <param name="own">What the manifest and its references have resolved to.</param>
    internal IReadOnlyList<KeyValuePair<string, string>> Variables(Workload workload, IReadOnlyList<KeyValuePair<string, string>> own)
    {
        var variables = new List<KeyValuePair<string, string>>(4);

        // Whoever names a collector of his own knows which protocol it speaks.
        if (!Says(EndpointVariable))
        {
            variables.Add(new(EndpointVariable, Endpoint));
            Add("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        }

        Add("OTEL_SERVICE_NAME", workload.DatabaseUser);
        var kind = workload.Serves ? "slipway.revision" : "slipway.job";
        Add(ResourceVariable, $"service.namespace={workload.Namespace},service.instance.id={InstanceMark},{kind}={workload.Owner}");
        return variables;

        bool Says(string name) => own.Any(variable => variable.Key == name);

        void Add(string name, string value)
        {
            if (!Says(name))
            {
                variables.Add(new(name, value));
            }
        }
    }
}
