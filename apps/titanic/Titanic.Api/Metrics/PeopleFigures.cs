using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Slipway.Sdk.Problems;
using Titanic.Api.Tenants;

namespace Titanic.Api.Metrics;

/// <summary>How many people each tenant has, counted now and then, and how the pool of connections stands.</summary>
internal sealed class PeopleFigures : BackgroundService
{
    private static readonly TimeSpan s_pace = TimeSpan.FromMinutes(1);

    private readonly TenantData _data;
    private readonly Tenants.Tenants _tenants;
    private readonly TimeProvider _time;
    private readonly PoolFigures _pool = new(TitanicService.Name);
    private volatile Measurement<long>[] _people = [];

    public PeopleFigures(TenantData data, Tenants.Tenants tenants, TimeProvider time, Meter meter)
    {
        (_data, _tenants, _time) = (data, tenants, time);
        meter.CreateObservableGauge("people.total", () => _people, "{person}", "People on the lists, by tenant, counted once a minute.");
        meter.CreateObservableGauge("db.pool.connections", _pool.Look, "{connection}", "Connections of the pool, by what they are doing.");
    }

    public override void Dispose()
    {
        _pool.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                _people = [.. await Task.WhenAll(_tenants.All.Select(tenant => CountAsync(tenant, stoppingToken)))];
            }
            catch (Exception exception) when (exception is ProblemException or NpgsqlException && !stoppingToken.IsCancellationRequested)
            {
                // The figure of a minute ago is better than none; readiness tells that the database is away.
            }

            await Task.Delay(s_pace, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<Measurement<long>> CountAsync(Tenant tenant, CancellationToken cancellation)
    {
        var count = await _data.OneAsync(tenant, "count", new Question("select count(*) from people p where p.deleted_at is null"), row => row.GetInt64(0), cancellation);
        return new Measurement<long>(count, new KeyValuePair<string, object?>("tenant", tenant.Name));
    }
}
