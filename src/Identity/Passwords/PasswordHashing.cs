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
    private readonly Lazy<string> _stranger;

    public PasswordHashing(HashingWorkers workers, int cost)
        : this(workers, cost, LibCrypt.IsPresent)
    {
    }

    /// <summary>For tests of systems without libcrypt.</summary>
    internal PasswordHashing(HashingWorkers workers, int cost, bool bcrypt)
    {
        (_workers, _cost, _bcrypt) = (workers, cost, bcrypt);
        _stranger = new Lazy<string>(() => Create(Guid.CreateVersion7().ToString()));
    }

    public Task<Outcome<string>> CreateAsync(string password, CancellationToken cancellation) =>
        _workers.RunAsync(() => Create(password), cancellation);

    public Task<Outcome<PasswordVerdict>> CheckAsync(string password, string stored, CancellationToken cancellation) =>
        _workers.RunAsync(() => Check(password, stored), cancellation);

    /// <summary>
    /// The same work for an account that does not exist, so that the time of an answer does not tell who has an account. The verdict
    /// is always <see cref="PasswordVerdict.Wrong"/>.
    /// </summary>
    public Task<Outcome<PasswordVerdict>> CheckStrangerAsync(string password, CancellationToken cancellation) =>
        _workers.RunAsync(
            () =>
            {
                _ = Check(password, _stranger.Value);
                return PasswordVerdict.Wrong;
            },
            cancellation);

    /// <param name="costMin">Used if it is more than the usual cost.</param>
    public Task<Outcome<string>> CreateAsync(string password, int costMin, CancellationToken cancellation) =>
        costMin > _cost && _bcrypt ? _workers.RunAsync(() => Bcrypt.Create(password, costMin), cancellation) : CreateAsync(password, cancellation);

    internal string Create(string password) => _bcrypt ? Bcrypt.Create(password, _cost) : Pbkdf2.Create(password);

    internal PasswordVerdict Check(string password, string stored)
    {
        if (Bcrypt.IsHash(stored))
        {
            // A database moved from Linux to a system without libcrypt has such rows; they can only be reset there.
            return LibCrypt.IsPresent && Bcrypt.Verify(password, stored)
                ? _bcrypt && Bcrypt.CostOf(stored) >= _cost && stored[2] == 'b' ? PasswordVerdict.Right : PasswordVerdict.RightButOutdated
                : PasswordVerdict.Wrong;
        }

        return Pbkdf2.Verify(password, stored)
            ? !_bcrypt && Pbkdf2.IterationsOf(stored) == Pbkdf2.Iterations ? PasswordVerdict.Right : PasswordVerdict.RightButOutdated
            : PasswordVerdict.Wrong;
    }
}
