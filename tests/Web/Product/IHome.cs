using Slipway.Sdk.Hosting;

namespace Slipway.Web.Tests.Product;

/// <summary>Services with accounts, as far as somebody who has one of them needs to know.</summary>
internal interface IHome
{
    Uri Identity { get; }

    MailFolder Mails { get; }

    /// <summary>Past all services: for what only an operator does.</summary>
    TestDatabase Accounts { get; }

    /// <summary>The first who comes opens the doors.</summary>
    Task EnsureStartedAsync();

    /// <summary>An address that no other test uses.</summary>
    string NewEmail(string name);
}
