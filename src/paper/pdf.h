#pragma once
// A PDF in black and white on A4, over libharu: text, lines, boxes and QR codes in millimetres.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "paper/qr.h"

namespace paper {

inline constexpr double a4_width_mm = 210, a4_height_mm = 297;

enum class Font : std::uint8_t { plain, bold, typed };  // typed: all characters of one width

// Millimetres from the left and the top of a page; of a text, of the beginning of its base line.
struct Spot {
  double x_mm = 0, y_mm = 0;
};

// The same calls make the same bytes. What fails is kept and said by bytes(); calls after it do
// nothing. Text is UTF-8; characters beyond Latin-1 become question marks.
class Pdf {
 public:
  explicit Pdf(std::string_view title);
  ~Pdf();
  Pdf(const Pdf&) = delete;
  Pdf& operator=(const Pdf&) = delete;

  // A new page, on which all that follows is drawn.
  void begin_page();
  std::size_t page_count() const;
  // Goes back to a page, counted from 0. Requires page < page_count().
  void go_to_page(std::size_t page);

  void text(Spot at, Font font, double size_pt, std::string_view text);
  // Ends at the spot.
  void text_to(Spot end, Font font, double size_pt, std::string_view text);
  // Squeezed or, beyond two thirds of its width, cut so that it is no wider.
  void text_within(Spot at, double width_mm, Font font, double size_pt, std::string_view text);
  // Across the whole page in light grey, to lie under the rest.
  void watermark(std::string_view text);
  void line(Spot from, Spot to, double width_mm);
  // The corner at the left and top.
  void box(Spot corner, double width_mm, double height_mm, double line_mm);
  // White letters on black.
  void banner(Spot corner, double width_mm, double height_mm, double size_pt,
              std::string_view text);
  // With its quiet zone, which is painted white.
  void qr(Spot corner, double size_mm, const QrCode& code);

  // Error: io_failed.
  base::Result<std::string> bytes();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace paper
