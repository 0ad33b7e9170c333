using Slipway.Sdk.Problems;

namespace Slipway.Identity.Passwords;

internal enum PasswordVerdict
{
    Wrong,
    Right,

    /// <summary>Right, but the stored hash was made in another way than new ones are: make it again while the password is at hand.</summary>
    RightButOutdated,
}

/// <summary>Makes and checks password hashes on the dedicated workers.</summary>
internal sealed class PasswordHashing
{
    private readonly HashingWorkers _workers;
    private readonly int _cost;
    private readonly bool _bcrypt;
    private readonly string _stranger;

    public PasswordHashing(HashingWorkers workers, int cost)
        : this(workers, cost, LibCrypt.IsPresent)
    {
    }

    /// <summary>For tests of systems without libcrypt.</summary>
    internal PasswordHashing(HashingWorkers workers, int cost, bool bcrypt)
    {
        (_workers, _cost, _bcrypt) = (workers, cost, bcrypt);
        _stranger = bcrypt ? Bcrypt.NewSetting(cost) : "";
    }

    public Task<Outcome<string>> CreateAsync(string password, CancellationToken cancellation) => CreateAtAsync(password, _cost, cancellation);

    public async Task<Outcome<PasswordVerdict>> CheckAsync(string password, string stored, CancellationToken cancellation)
    {
        if (!Bcrypt.IsHash(stored) || !LibCrypt.IsPresent)
        {
            return await _workers.RunAsync(() => Check(password, stored), cancellation);
        }

        var hashing = await _workers.HashAsync(new BcryptTask(Bcrypt.Phrase(password), stored), cancellation);
        return hashing.Problem is { } problem ? problem : Judge(Bcrypt.Matches(hashing.Value, stored), stored);
    }

    /// <summary>
    /// The same work for an account that does not exist, so that the time of an answer does not tell who has an account. The verdict
    /// is always <see cref="PasswordVerdict.Wrong"/>.
    /// </summary>
    public async Task<Outcome<PasswordVerdict>> CheckStrangerAsync(string password, CancellationToken cancellation)
    {
        if (!_bcrypt)
        {
            return await _workers.RunAsync(
                () =>
                {
                    _ = Pbkdf2.Create(password);
                    return PasswordVerdict.Wrong;
                },
                cancellation);
        }

        var hashing = await _workers.HashAsync(new BcryptTask(Bcrypt.Phrase(password), _stranger), cancellation);
        return hashing.Problem is { } problem ? problem : PasswordVerdict.Wrong;
    }

    /// <param name="costMin">Used if it is more than the usual cost.</param>
    public Task<Outcome<string>> CreateAsync(string password, int costMin, CancellationToken cancellation) =>
        CreateAtAsync(password, Math.Max(costMin, _cost), cancellation);

    internal string Create(string password) => _bcrypt ? Bcrypt.Create(password, _cost) : Pbkdf2.Create(password);

    internal PasswordVerdict Check(string password, string stored)
    {
        if (Bcrypt.IsHash(stored))
        {
            // A database moved from Linux to a system without libcrypt has such rows; they can only be reset there.
            return Judge(LibCrypt.IsPresent && Bcrypt.Verify(password, stored), stored);
        }

        return Pbkdf2.Verify(password, stored)
            ? !_bcrypt && Pbkdf2.IterationsOf(stored) == Pbkdf2.Iterations ? PasswordVerdict.Right : PasswordVerdict.RightButOutdated
            : PasswordVerdict.Wrong;
    }

    private async Task<Outcome<string>> CreateAtAsync(string password, int cost, CancellationToken cancellation)
    {
        if (!_bcrypt)
        {
            return await _workers.RunAsync(() => Pbkdf2.Create(password), cancellation);
        }

        var hashing = await _workers.HashAsync(new BcryptTask(Bcrypt.Phrase(password), Bcrypt.NewSetting(cost)), cancellation);
        return hashing.Is(out var hash, out var problem) ? hash ?? throw Bcrypt.Refused(cost) : problem;
    }

    private PasswordVerdict Judge(bool matches, string bcryptHash) => !matches
        ? PasswordVerdict.Wrong
        : _bcrypt && Bcrypt.CostOf(bcryptHash) >= _cost && bcryptHash[2] == 'b' ? PasswordVerdict.Right : PasswordVerdict.RightButOutdated;
}
