namespace Slipway.Sdk.Hosting.Conformance;

/// <summary>
/// The service that the suite examines: how to start it, and which of its addresses show the rules. Derive a class fixture
/// from it.
/// </summary>
public abstract class ConformanceSubject : IAsyncLifetime
{
    /// <summary>Shared by the tests that only look.</summary>
    public RunningService Service { get; private set; } = null!;

    /// <summary>An address whose GET reads query parameters strictly.</summary>
    public abstract string QueryPath { get; }

    /// <summary>An address whose POST reads a JSON body strictly.</summary>
    public abstract string BodyPath { get; }

    /// <summary>A body that <see cref="BodyPath"/> takes.</summary>
    public abstract string ValidBody { get; }

    /// <summary>The committed OpenAPI document, as a path from the root of the repository; null if there is none.</summary>
    public virtual string? DocumentFile => null;

    /// <summary>Where the service's sources are, from the root of the repository: every problem code in them needs an explanation.</summary>
    public virtual string? SourceFolder => null;

    /// <summary>A fresh service; the suite disposes it.</summary>
    public abstract Task<RunningService> StartAsync();

    /// <summary>Makes a request one of a caller who may use both addresses.</summary>
    public virtual void Authorize(HttpRequestMessage request)
    {
    }

    public virtual async ValueTask InitializeAsync() => Service = await StartAsync();

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Service is not null)
        {
            await Service.DisposeAsync();
        }
    }
}
