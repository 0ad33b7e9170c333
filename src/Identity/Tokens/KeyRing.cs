using Slipway.Sdk.Problems;

namespace Slipway.Identity.Tokens;

/// <summary>
/// The signing keys as this instance knows them. It looks again every few seconds, much more often than a new key waits before it
/// signs, so every instance publishes a key before any instance signs with it.
/// </summary>
internal sealed partial class KeyRing(SigningKeyStore store, KeySchedule schedule, TimeProvider time, ILogger<KeyRing> log) : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _loading = new(1);
    private volatile Ring _ring = Ring.Empty;

    /// <summary>The keys verifiers may meet in tokens, now and soon.</summary>
    public async ValueTask<IReadOnlyList<SigningKey>> PublishedAsync(CancellationToken cancellation)
    {
        var ring = await CurrentAsync(cancellation);
        var now = time.GetUtcNow();
        return [.. ring.Keys.Where(key => key.IsPublishedAt(now))];
    }

    /// <summary>The key whose turn it is.</summary>
    public async ValueTask<Signer> SignerAsync(CancellationToken cancellation)
    {
        var ring = await CurrentAsync(cancellation);
        return ring.SignerAt(time.GetUtcNow()) ?? throw Unavailable();
    }

    public async ValueTask<bool> CanSignAsync(CancellationToken cancellation) =>
        (await CurrentAsync(cancellation)).SignerAt(time.GetUtcNow()) is not null;

    /// <summary>Reads the keys anew, makes one if it is due, and returns what is known then.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        await _loading.WaitAsync(cancellation);
        try
        {
            await LoadAsync(cancellation);
        }
        finally
        {
            _loading.Release();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _ring.Dispose();
        _loading.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_look, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
#pragma warning disable CA1031 // Without a database the keys of the last look serve on; the next look comes soon.
            catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
            {
                LookFailed(failure.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async ValueTask<Ring> CurrentAsync(CancellationToken cancellation)
    {
        var ring = _ring;
        if (ring.SignerAt(time.GetUtcNow()) is not null)
        {
            return ring;
        }

        await _loading.WaitAsync(cancellation);
        try
        {
            if (_ring.SignerAt(time.GetUtcNow()) is null)
            {
                await LoadAsync(cancellation);
            }

            return _ring;
        }
        finally
        {
            _loading.Release();
        }
    }

    private async Task LoadAsync(CancellationToken cancellation)
    {
        var stored = await store.ListAsync(cancellation);
        if (schedule.Decide([.. stored.Select(key => key.Key)], time.GetUtcNow(), force: false) is not null)
        {
            // Decided again under the lock: another instance may be faster.
            if (await store.RotateAsync(schedule, force: false, cancellation) is { } made)
            {
                KeyMade(made.Kid, made.SignsFrom);
            }

            stored = await store.ListAsync(cancellation);
        }

        var before = _ring;
        var signers = new Dictionary<string, Signer>(StringComparer.Ordinal);
        foreach (var key in stored)
        {
            if (before.Signers.TryGetValue(key.Key.Kid, out var known))
            {
                signers[key.Key.Kid] = known;
            }
            else if (store.Open(key) is { } pkcs8)
            {
                signers[key.Key.Kid] = new Signer(key.Key.Kid, pkcs8);
            }
            else
            {
                KeySealedOtherwise(key.Key.Kid);
            }
        }

        _ring = new Ring([.. stored.Select(key => key.Key)], signers);
        foreach (var gone in before.Signers.Values.Where(signer => !signers.ContainsKey(signer.Kid)))
        {
            gone.Dispose();
        }
    }

    private static ProblemException Unavailable() =>
        new(Problem.Unavailable("signingKeysUnavailable", "No signing key can be used at the moment, so no token can be issued.", TimeSpan.FromSeconds(5)));

    [LoggerMessage(EventId = 4101, Level = LogLevel.Information, Message = "Signing key {Kid} was made; it signs from {SignsFrom} on.")]
    private partial void KeyMade(string kid, DateTimeOffset signsFrom);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Error, Message = "Signing key {Kid} cannot be opened: it was sealed with another IDENTITY_MASTER_KEY.")]
    private partial void KeySealedOtherwise(string kid);

    [LoggerMessage(EventId = 4103, Level = LogLevel.Warning, Message = "The signing keys could not be read: {Reason}")]
    private partial void LookFailed(string reason);

    private sealed record Ring(IReadOnlyList<SigningKey> Keys, IReadOnlyDictionary<string, Signer> Signers) : IDisposable
    {
        public static readonly Ring Empty = new([], new Dictionary<string, Signer>());

        public Signer? SignerAt(DateTimeOffset now) =>
            Keys.Where(key => key.SignsAt(now)).OrderByDescending(key => key.SignsFrom).Select(key => Signers.GetValueOrDefault(key.Kid)).FirstOrDefault(signer => signer is not null);

        public void Dispose()
        {
            foreach (var signer in Signers.Values)
            {
                signer.Dispose();
            }
        }
    }
}
