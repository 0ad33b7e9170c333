using System.Runtime.CompilerServices;
using Slipway.Model.Resources;
using Slipway.Model.Serving;
using Slipway.Runtime.Instances;
using Slipway.Runtime.Logs;
using Slipway.Store.Installation;
using Slipway.Telemetry.Collecting;

namespace Slipway.Server.Joints;

/// <summary>Who writes lines: every instance, of services and of jobs, the gateway's access log, and the server itself.</summary>
internal sealed class LogSourcesJoint(IInstanceDriver driver, IInstanceLogs logs, StateFolder folder, TimeProvider time) : ILogSources
{
    private readonly FileLogSource _server = new("server", folder.ServerLog, PlatformLines.OfServer, time);
    private readonly FileLogSource _access = new("access", folder.AccessLog, PlatformLines.OfGateway, time);
    private readonly Dictionary<string, InstanceLogSource> _instances = new(StringComparer.Ordinal);

    public IReadOnlyList<LogSource> Now()
    {
        var sources = new List<LogSource> { _server, _access };
        lock (_instances)
        {
            var present = driver.List();
            foreach (var instance in present)
            {
                if (!_instances.TryGetValue(instance.Id, out var source))
                {
                    _instances[instance.Id] = source = SourceOf(instance);
                }

                sources.Add(source);
            }

            if (_instances.Count > present.Count)
            {
                var ids = present.Select(instance => instance.Id).ToHashSet(StringComparer.Ordinal);
                foreach (var gone in _instances.Keys.Where(id => !ids.Contains(id)).ToList())
                {
                    _instances.Remove(gone);
                }
            }
        }

        return sources;
    }

    private InstanceLogSource SourceOf(InstanceState instance)
    {
        var spec = instance.Spec;
        var serves = spec.OwnerKind == Kinds.Revision.Kind;
        return new InstanceLogSource(
            spec.Namespace,
            serves ? spec.Labels.GetValueOrDefault(ServingNames.Service) ?? spec.Owner : spec.Owner,
            serves ? spec.Owner : "",
            spec.Id,
            () => driver.List().FirstOrDefault(present => present.Id == spec.Id) is null or { Phase: InstancePhase.Exited },
            (since, cancellation) => ReadAsync(spec.Id, since, cancellation));
    }

    private async IAsyncEnumerable<InstanceLine> ReadAsync(string id, DateTimeOffset? since, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var line in logs.ReadAsync(id, new LogQuery(Follow: true, Since: since), cancellation))
        {
            yield return new InstanceLine(line.At, line.Stream == LogStream.Error, line.Text);
        }
    }
}
