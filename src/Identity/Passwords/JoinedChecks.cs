using System.Security.Cryptography;
using System.Text;
using Slipway.Sdk.Problems;

namespace Slipway.Identity.Passwords;

/// <summary>
/// The same password shown for the same account by many at once is hashed once, and all of them hear the verdict. An account that does
/// not exist is treated alike: otherwise the time of a burst of answers would tell who has an account.
/// </summary>
/// <param name="on">Off, everybody is hashed alone, as in the baseline profile.</param>
internal sealed class JoinedChecks(PasswordHashing hashing, bool on = true)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Check> _running = new(StringComparer.Ordinal);
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    /// <param name="stored">The account's hash; null for a stranger, whose verdict is always wrong.</param>
    public async Task<Outcome<PasswordVerdict>> CheckAsync(string email, string password, string? stored, CancellationToken cancellation)
    {
        if (!on)
        {
            return await HashAsync(password, stored, cancellation);
        }

        var name = NameOf(email, password, stored);
        Check check;
        lock (_gate)
        {
            if (!_running.TryGetValue(name, out check!))
            {
                check = new Check();
                check.Verdict = RunAsync(name, check, password, stored, check.Abandoned.Token);
                _running[name] = check;
            }

            check.Waiting++;
        }

        try
        {
            return await check.Verdict.WaitAsync(cancellation);
        }
        finally
        {
            Leave(name, check);
        }
    }

    private async Task<Outcome<PasswordVerdict>> RunAsync(string name, Check check, string password, string? stored, CancellationToken abandoned)
    {
        // Away from the caller, who holds the gate.
        await Task.Yield();
        try
        {
            return await HashAsync(password, stored, abandoned);
        }
        finally
        {
            lock (_gate)
            {
                RemoveNeedsGate(name, check);
            }
        }
    }

    private Task<Outcome<PasswordVerdict>> HashAsync(string password, string? stored, CancellationToken cancellation) =>
        stored is null ? hashing.CheckStrangerAsync(password, cancellation) : hashing.CheckAsync(password, stored, cancellation);

    /// <summary>What nobody waits for any more need not be hashed.</summary>
    private void Leave(string name, Check check)
    {
        lock (_gate)
        {
            if (--check.Waiting > 0)
            {
                return;
            }

            // Whoever comes now begins anew.
            RemoveNeedsGate(name, check);
        }

        check.Abandoned.Cancel();
        check.Abandoned.Dispose();
    }

    private void RemoveNeedsGate(string name, Check check)
    {
        if (_running.TryGetValue(name, out var running) && ReferenceEquals(running, check))
        {
            _running.Remove(name);
        }
    }

    /// <summary>A digest of no use outside of this process; the stored hash belongs to it, so a changed password is another check.</summary>
    private string NameOf(string email, string password, string? stored) =>
        Convert.ToHexString(HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{email.Length}:{email}{stored?.Length}:{stored}{password}")));

    private sealed class Check
    {
        public CancellationTokenSource Abandoned { get; } = new();

        public Task<Outcome<PasswordVerdict>> Verdict { get; set; } = null!;

        public int Waiting { get; set; }
    }
}
