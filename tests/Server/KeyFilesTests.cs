using Slipway.Server.Keys;
using Slipway.Store.Installation;

namespace Slipway.Server.Tests;

public sealed class KeyFilesTests : IDisposable
{
    private readonly StateFolder _folder = new(Directory.CreateTempSubdirectory("slipway-keys-").FullName);

    public void Dispose() => Directory.Delete(_folder.Root, recursive: true);

    [Fact]
    public void A_key_is_made_once_and_kept()
    {
        Assert.Equal(KeyFiles.EncryptionKey(_folder), KeyFiles.EncryptionKey(_folder));
        Assert.Equal(32, KeyFiles.EncryptionKey(_folder).Length);
        Assert.Equal(KeyFiles.AdminToken(_folder), KeyFiles.AdminToken(_folder));
        using var first = KeyFiles.SigningKey(_folder);
        using var second = KeyFiles.SigningKey(_folder);
        Assert.Equal(first.ExportSubjectPublicKeyInfo(), second.ExportSubjectPublicKeyInfo());
    }

    [Fact]
    public void Nobody_but_the_owner_can_read_a_key()
    {
        KeyFiles.AdminToken(_folder);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder.AdminToken));
    }

    [Fact]
    public void Two_installations_have_different_keys()
    {
        var other = new StateFolder(Path.Combine(_folder.Root, "other"));

        Assert.NotEqual(KeyFiles.AdminToken(_folder), KeyFiles.AdminToken(other));
    }
}
