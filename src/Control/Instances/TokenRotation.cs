using System.Text;
using Microsoft.Extensions.Logging;
using Slipway.Runtime.Instances;

namespace Slipway.Control.Instances;

/// <summary>
/// Replaces the tokens of live instances when four fifths of their life are over. Nothing is remembered across a restart:
/// an instance older than that gets a fresh token at the first look.
/// </summary>
internal sealed partial class TokenRotation(IInstanceDriver driver, IServiceAccountTokens tokens, TimeProvider time, ILogger<TokenRotation> logger)
{
    /// <summary>The shortest token lives ten minutes, so its last fifth has room for several looks.</summary>
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(15);

    private Dictionary<(string Instance, string Path), DateTimeOffset> _due = [];

    public static byte[] Content(IServiceAccountTokens tokens, string @namespace, TokenFile file) =>
        Encoding.ASCII.GetBytes(tokens.Issue(@namespace, file.Account, file.Audience, file.Lifetime));

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(s_look, time);
        try
        {
            do
            {
                await RotateAsync(cancellation).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(cancellation).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The control plane ends; instances keep the tokens they have.
        }
    }

    public async Task RotateAsync(CancellationToken cancellation)
    {
        var due = new Dictionary<(string Instance, string Path), DateTimeOffset>();
        foreach (var instance in driver.List())
        {
            if (instance.Phase is not (InstancePhase.Running or InstancePhase.Frozen))
            {
                continue;
            }

            foreach (var file in instance.Spec.Tokens)
            {
                var key = (instance.Id, file.Path);
                var at = _due.TryGetValue(key, out var known) ? known : instance.CreatedAt + (file.Lifetime * 0.8);
                var now = time.GetUtcNow();
                due[key] = now >= at && await ReplaceAsync(instance, file, cancellation).ConfigureAwait(false) ? now + (file.Lifetime * 0.8) : at;
            }
        }

        _due = due;
    }

    private async Task<bool> ReplaceAsync(InstanceState instance, TokenFile file, CancellationToken cancellation)
    {
        try
        {
            var content = Content(tokens, instance.Spec.Namespace, file);
            if (await driver.WriteFileAsync(instance.Id, new MountedFile(file.Path, content, file.Mode), cancellation).ConfigureAwait(false))
            {
                return true;
            }

            NotWritten(logger, instance.Id, file.Path);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The tokens of the other instances must not expire because of this one.
            NotIssued(logger, failure, instance.Id, file.Path);
        }

        return false;
    }

    [LoggerMessage(EventId = 3211, Level = LogLevel.Warning, Message = "The new token of instance {Instance} could not be written to {Path}; it is tried again.")]
    private static partial void NotWritten(ILogger logger, string instance, string path);

    [LoggerMessage(EventId = 3212, Level = LogLevel.Error, Message = "No new token for instance {Instance}, {Path}; it is tried again.")]
    private static partial void NotIssued(ILogger logger, Exception exception, string instance, string path);
}
