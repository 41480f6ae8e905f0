package dev.settle.router.testing;

import dev.settle.router.audit.check.AuditReport;
import dev.settle.router.invariant.InvariantReport;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a {@link World} of its own, and checks every invariant after it, from raw rows,
 * against the bank's books and against what the test's terminals were told. A test that breaks the
 * data on purpose is marked with {@link BreaksInvariants}.
 */
public final class InvariantsHold implements ParameterResolver, AfterEachCallback {

  private static final ExtensionContext.Namespace SPACE =
      ExtensionContext.Namespace.create(InvariantsHold.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
    return parameter.getParameter().getType() == World.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext test) {
    try {
      World world = new World();
      test.getStore(SPACE).put(World.class, world);
      return world;
    } catch (Exception e) {
      throw new IllegalStateException("the test's world could not be made", e);
    }
  }

  @Override
  public void afterEach(ExtensionContext test) throws Exception {
    World world = test.getStore(SPACE).remove(World.class, World.class);
    if (world == null) {
      return;
    }
    try (world) {
      if (test.getRequiredTestMethod().isAnnotationPresent(BreaksInvariants.class)) {
        return;
      }
      world.stopNodes();
      InvariantReport report = world.verify();
      if (!report.allHold()) {
        throw new AssertionError("invariants are broken after this test:\n" + report.text());
      }
      AuditReport audit = world.audit();
      if (!audit.isGood()) {
        throw new AssertionError("the audit is not whole after this test:\n" + audit.text());
      }
    }
  }
}
