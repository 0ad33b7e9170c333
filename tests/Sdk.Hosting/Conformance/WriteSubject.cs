namespace Slipway.Sdk.Hosting.Conformance;

/// <summary>Which of a service's addresses show the rules for writes. Derive a class fixture from it.</summary>
public abstract class WriteSubject : IAsyncLifetime
{
    public RunningService Service { get; private set; } = null!;

    /// <summary>An address whose POST makes something new and takes an Idempotency-Key.</summary>
    public abstract string CollectionPath { get; }

    /// <summary>A body that <see cref="CollectionPath"/> takes. <paramref name="name"/> goes into it, so that two differ.</summary>
    public abstract string NewBody(string name);

    /// <summary>A merge patch that what was made takes.</summary>
    public abstract string Patch(string name);

    /// <summary>Where to change what a POST has made; its Location unless said otherwise.</summary>
    public virtual string ItemPath(Answer created) => created.Header("Location")!;

    /// <summary>How many things there are that came from bodies with this name.</summary>
    public abstract Task<int> CountAsync(string name);

    public abstract Task<RunningService> StartAsync();

    /// <summary>Makes a request one of a caller who may write; the second caller is somebody else with the same rights.</summary>
    public abstract void Authorize(HttpRequestMessage request, bool second = false);

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
