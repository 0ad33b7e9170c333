using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Slipway.Sdk.Auditing;
using Slipway.Sdk.Messaging;
using Slipway.Sdk.Problems;
using Slipway.Sdk.Retries;
using Slipway.Sdk.Service;
using Slipway.Sdk.Settings;

namespace Slipway.Sdk.Database;

/// <summary>Gives a service its database.</summary>
public static class SlipwayDatabase
{
    private static readonly TimeSpan s_migratePatience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The pool, the breaker, the command <c>migrate</c> and the check that keeps the service from being ready before its
    /// migrations are done.
    /// </summary>
    /// <param name="migrations">The program with the embedded <c>Migrations/NNNN_name.sql</c>.</param>
    public static void UseDatabase(this SlipwayService service, Assembly migrations, Action<DatabaseOptions>? configure = null)
    {
        var options = Read(service.Settings, service.Builder.Environment.IsDevelopment());
        configure?.Invoke(options);
        var services = service.Services;
        services.AddSingleton(options);
        services.AddSingleton(provider => Assemble(service.Name, options, migrations, provider));
        services.AddSingleton(provider => provider.GetRequiredService<DatabaseParts>().Database);
        services.AddSingleton(provider => provider.GetRequiredService<DatabaseParts>().Migrations);
        services.AddHostedService(provider => provider.GetRequiredService<DatabaseParts>().Gate);
        services.AddHostedService(provider => new PoolWarmth(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<DatabaseParts>().Gate, options,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<PoolWarmth>>()));
        services.AddSingleton<IStartupFilter, RereadableBodies>();
        services.AddSingleton(new Sweep("idempotency", "slipway.idempotency_replies", "expires_at < now()"));
        services.AddHostedService<Sweeper>();
        service.Explain(KitProblems.OfDatabase);
        UseAuditTrail(service);
        MessagingSetup.AddTo(service);
        service.Check("database", critical: true, LookAsync);
        service.Command("migrate", MigrateAsync);
    }

    private static void UseAuditTrail(SlipwayService service)
    {
        var key = service.Settings.Key("AUDIT_KEY");
        service.Services.AddSingleton(provider => new AuditChain(
            provider.GetRequiredService<Database>(), key, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<AuditChain>>()));
        service.Services.AddSingleton(provider => new AuditTrail(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<AuditChain>(),
            new AuditExpiry(provider.GetRequiredService<Database>(), key, provider.GetRequiredService<TimeProvider>()), provider.GetRequiredService<TimeProvider>()));
        service.Services.AddHostedService(provider => provider.GetRequiredService<AuditChain>());
    }

    internal static DatabaseOptions Read(ServiceSettings settings, bool development)
    {
        var options = new DatabaseOptions
        {
            PoolMax = settings.Number("DB_POOL_MAX", 50, 1, 1000),
            PoolMin = settings.Number("DB_POOL_MIN", 5, 0, 1000),
            AcquireTimeout = settings.Milliseconds("DB_POOL_ACQUIRE_MS", 5000),
            IdleLifetime = settings.Milliseconds("DB_POOL_IDLE_MS", 10000),
            EvictInterval = settings.Milliseconds("DB_POOL_EVICT_MS", 1000),
            BreakerOn = settings.Flag("BREAKER", true),
            BreakerTimeout = settings.Milliseconds("BREAKER_TIMEOUT_MS", 5000),
            BreakerErrorPercent = settings.Number("BREAKER_ERROR_PERCENT", 50, 1, 100),
            BreakerReset = settings.Milliseconds("BREAKER_RESET_MS", 30000),
            BreakerWindow = settings.Milliseconds("BREAKER_WINDOW_MS", 10000),
            BreakerCallsMin = settings.Number("BREAKER_CALLS_MIN", 5, 2, 10000),
            BreakerProbe = settings.Milliseconds("BREAKER_PROBE_MS", 500),
            MigrateOnStart = settings.Choice("MIGRATE", development ? "onStart" : "command", "onStart", "command") == "onStart",
        };
        AtLeast(settings, "BREAKER_TIMEOUT_MS", options.BreakerTimeout, 10);
        AtLeast(settings, "BREAKER_RESET_MS", options.BreakerReset, 500);
        AtLeast(settings, "BREAKER_WINDOW_MS", options.BreakerWindow, 500);
        if (settings.Text("DATABASE_URL") is not { } url)
        {
            settings.Mistaken("DATABASE_URL is missing; it says where the service keeps its data: postgres://user:password@host:5432/database");
        }
        else if (DatabaseAddress.Parse(url).Is(out var address, out var problem))
        {
            options.Address = address;
        }
        else
        {
            settings.Mistaken(problem.Detail);
        }

        return options;
    }

    private static DatabaseParts Assemble(string name, DatabaseOptions options, Assembly program, IServiceProvider provider)
    {
        var time = provider.GetRequiredService<TimeProvider>();
        var loggers = provider.GetRequiredService<ILoggerFactory>();
        var database = new Database(name, options, time, loggers.CreateLogger<Database>());
        var migrations = new Migrations(database, program, time, loggers.CreateLogger<Migrations>());
        var gate = new MigrationGate(migrations, options, time, loggers.CreateLogger<MigrationGate>());
        database.Before = gate.PassAsync;
        return new DatabaseParts(database, migrations, gate);
    }

    private static async Task<string?> LookAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var parts = services.GetRequiredService<DatabaseParts>();
        return await parts.Gate.WhatIsMissingAsync(cancellation) ?? await parts.Database.LookAsync(cancellation);
    }

    /// <summary>A database that is only just starting is waited for: in which order things start does not matter.</summary>
    private static async Task<int> MigrateAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var time = services.GetRequiredService<TimeProvider>();
        var migrations = services.GetRequiredService<DatabaseParts>().Migrations;
        for (var started = time.GetTimestamp(); ;)
        {
            try
            {
                var count = await migrations.RunAsync(cancellation);
                await Console.Out.WriteLineAsync(count == 0 ? "The database is up to date." : $"Applied {count} migration{(count == 1 ? "" : "s")}.");
                return 0;
            }
            catch (MigrationException exception)
            {
                await Console.Error.WriteLineAsync(exception.Message);
                return 1;
            }
            catch (Exception exception) when (DatabaseFailures.IsOutage(exception))
            {
                if (time.GetElapsedTime(started) > s_migratePatience)
                {
                    await Console.Error.WriteLineAsync($"The database could not be reached for {s_migratePatience.TotalSeconds:0} s: {exception.Message}");
                    return 1;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(500), time, cancellation);
            }
        }
    }

    private static void AtLeast(ServiceSettings settings, string name, TimeSpan value, int milliseconds)
    {
        if (value < TimeSpan.FromMilliseconds(milliseconds))
        {
            settings.Mistaken($"{name} must be at least {milliseconds}, not {value.TotalMilliseconds:0}.");
        }
    }
}

/// <summary>What belongs together is made together: a database without its gate would let calls through too early.</summary>
internal sealed record DatabaseParts(Database Database, Migrations Migrations, MigrationGate Gate) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await Gate.DisposeAsync();
        await Database.DisposeAsync();
    }
}
