package dev.settle.load.bench;

import java.sql.SQLException;

/** A trigger on {@code credit} that makes every credit dearer, until it is removed. */
final class PlantedTrigger {

  private final Book book;

  private PlantedTrigger(Book book) {
    this.book = book;
  }

  /**
   * Works once for each statement that inserts credits, by the rights of the database's owner.
   *
   * @param work in PL/pgSQL, where {@code fresh} are the inserted rows
   */
  static PlantedTrigger onEachInsert(Book book, String work) throws SQLException {
    return plant(book, work, "REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT");
  }

  /** Works once for each credit. */
  static PlantedTrigger onEachCredit(Book book, String work) throws SQLException {
    return plant(book, work, "FOR EACH ROW");
  }

  private static PlantedTrigger plant(Book book, String work, String when) throws SQLException {
    book.execute(
        """
        CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
          %s
          RETURN NULL;
        END $$"""
            .formatted(work));
    book.execute(
        "CREATE TRIGGER planted AFTER INSERT ON credit " + when + " EXECUTE FUNCTION planted()");
    return new PlantedTrigger(book);
  }

  void remove() throws SQLException {
    book.execute("DROP TRIGGER planted ON credit");
    book.execute("DROP FUNCTION planted");
  }
}
